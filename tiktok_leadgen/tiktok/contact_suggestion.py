"""Find how to reach a person where no question of the form is known to ask for it.

An answer is taken only if it is a whole phone number or a whole e-mail address, if it is the only
one, and if nothing else claims the field.
"""

import functools
import re

import phonenumbers

from .contact_hints import OTHER, OTHER_ANYWHERE, PHONE, PHONE_ANYWHERE
from .reading import simplify_text
from .standard import normalize_text

EMAIL, PHONE_NUMBER = "email", "phone_number"
_LONGEST = 100  # characters of an answer that is nothing but an address or a number
_EMAIL = re.compile(r"[\w.+'-]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_NUMBER = re.compile(r"\+?[\d\s().\-/]+")
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")


def suggest_contact_questions(answers, candidates):
    """Find the questions that are likely to ask for the phone number and the e-mail address.

    :param answers: `tiktok.lead.Answer` of one lead, with the fields they are known to fill
    :param candidates: questions that no user has decided about
    :return: question by standard field
    :rtype: dict[str, str]
    """
    claimed = {answer.key for answer in answers if answer.values}
    found = {}
    for key in {EMAIL, PHONE_NUMBER} - claimed:
        questions = [
            answer.question
            for answer in answers
            if not answer.key
            and answer.question in candidates
            and len(answer.values) == 1
            and is_contact_answer(key, answer.question, answer.values[0])
        ]
        if len(questions) == 1:
            found[key] = questions[0]
    return found


def is_contact_answer(key, question, text):
    """Tell whether an answer is a whole phone number, or a whole e-mail address, of the person.

    :param str key: ``phone_number`` or ``email``
    :param str question: as TikTok sends it
    :param str text: the answer
    :rtype: bool
    """
    if len(text) > _LONGEST or _has_word(question, _OTHER_WORDS, OTHER_ANYWHERE):
        return False
    if key == EMAIL:
        return bool(_EMAIL.fullmatch(text.strip()))
    return _is_phone_number(question, simplify_text(text))


def _is_phone_number(question, text):
    """Tell whether a text is a phone number.

    Without a country code it could be any number: then the question must ask for a phone number.

    :param str question: as TikTok sends it
    :param str text: with ASCII digits
    :rtype: bool
    """
    digits = re.sub(r"\D", "", text)
    if not _NUMBER.fullmatch(text) or not 7 <= len(digits) <= 15 or _DATE.fullmatch(text):
        return False
    if text.startswith(("+", "00")):
        try:
            number = phonenumbers.parse(f"+{digits.removeprefix('00')}", None)
        except phonenumbers.NumberParseException:
            return False
        return phonenumbers.is_possible_number(number)
    return _has_word(question, _PHONE_WORDS, PHONE_ANYWHERE)


@functools.lru_cache(maxsize=4096)
def _has_word(question, words, anywhere):
    """Tell whether a question has a word that begins as one of these.

    :param str question: as TikTok sends it
    :param tuple words: beginnings; one of up to three letters is a whole word
    :param str anywhere: parts of words, for languages without spaces
    :rtype: bool
    """
    text = normalize_text(question)
    if any(part in text for part in _split_words(anywhere)):
        return True
    found = text.split()
    return any(
        word == known or (len(known) > 3 and word.startswith(known))
        for word in found
        for known in words
    )


@functools.lru_cache(maxsize=8)
def _split_words(text):
    return tuple(normalize_text(word) for word in text.split("|"))


_PHONE_WORDS, _OTHER_WORDS = _split_words(PHONE), _split_words(OTHER)
