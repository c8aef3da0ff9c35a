"""What is known of a lead when it arrives, and whether a rule's conditions fit it."""

import dataclasses
import functools

import phonenumbers
from babel.core import get_global
from babel.languages import get_official_languages

from odoo.addons.tiktok_leadgen.lead_values import split_answers
from odoo.addons.tiktok_leadgen.tiktok.reading import parse_number

OPERATORS = [
    ("contains", "contains"),
    ("is", "is one of"),
    ("at_least", "is at least"),
    ("at_most", "is at most"),
]
NUMBER_OPERATORS = ("at_least", "at_most")
LATIN = "Latn"
SCRIPT_CHARACTERS = 10_000  # that are looked at: an answer may be very long
# The first letters of the ranges of Unicode, by the script that CLDR names.
SCRIPT_RANGES = (
    *((0x0370, 0x03FF, "Grek"), (0x0400, 0x052F, "Cyrl"), (0x0530, 0x058F, "Armn")),
    *((0x0590, 0x05FF, "Hebr"), (0x0600, 0x06FF, "Arab"), (0x0750, 0x077F, "Arab")),
    *((0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"), (0x0E00, 0x0E7F, "Thai")),
    *((0x10A0, 0x10FF, "Geor"), (0x1100, 0x11FF, "Kore"), (0x1780, 0x17FF, "Khmr")),
    *((0x3040, 0x30FF, "Jpan"), (0x4E00, 0x9FFF, "Hans"), (0xAC00, 0xD7AF, "Kore")),
)


@dataclasses.dataclass(frozen=True)
class LeadFacts:
    """What rules can ask about a lead."""

    country: str  # code, empty if it is unknown
    language: str  # code of the lead's own language, empty if it has none
    form_id: int
    campaign_id: int
    answers: tuple  # pairs of question and answer, as they were given

    @functools.cached_property
    def script(self):
        """The script of the questions and answers, as CLDR names it; found once for all rules."""
        text = "".join(text for pair in self.answers for text in pair)
        return find_script(text[:SCRIPT_CHARACTERS])


def read_facts(read, country_code, language):
    """Return what is known of a lead.

    :param read: returns the value of a field of crm.lead, an id for a relation
    :param str country_code: of the lead's own country, empty for none
    :param str language: code of the lead's language, empty for none
    :rtype: LeadFacts
    """
    return LeadFacts(
        country=country_code or find_phone_country(read("phone") or ""),
        language=language or "",
        form_id=read("tiktok_form_id") or 0,
        campaign_id=read("campaign_id") or 0,
        answers=tuple(map(tuple, split_answers(read("tiktok_answers")))),
    )


def find_phone_country(number):
    """Find the country of a phone number.

    :param str number: E.164, else there is no country
    :return: its code, empty if it is unknown
    :rtype: str
    """
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def find_script(text):
    """Find the script in which most letters of a text are written.

    :param str text: of a lead
    :return: as CLDR names it
    :rtype: str
    """
    counts = {LATIN: 0}
    for letter in filter(str.isalpha, text):
        code = ord(letter)
        script = next((name for low, high, name in SCRIPT_RANGES if low <= code <= high), LATIN)
        counts[script] = counts.get(script, 0) + 1
    others = {script: count for script, count in counts.items() if script != LATIN}
    # A name, an e-mail address and TikTok's own keys are Latin in any language.
    best = max(others, key=others.get, default=LATIN)
    return best if others and others[best] * 4 >= counts[LATIN] else LATIN


def fits_language(code, facts):
    """Tell whether a lead's language is one of Odoo's languages.

    The lead's own language decides. Else its script and the languages of its country do.

    :param str code: like ``ar_001``
    :param LeadFacts facts: of the lead
    :rtype: bool
    """
    language = code.split("_")[0].split("@")[0]
    if facts.language:
        return facts.language.split("_")[0].split("@")[0] == language
    likely = get_global("likely_subtags").get(language, "").split("_")
    script = likely[1] if len(likely) > 1 else LATIN
    if script != facts.script:
        return False
    spoken = {each.split("_")[0] for each in get_official_languages(facts.country, de_facto=True)}
    return language in spoken if script == LATIN or len(spoken) > 1 else True


class RuleMatcher:
    """The conditions of one rule, read once for a batch of leads."""

    def __init__(self, rule):
        """Read the conditions of a rule.

        :param rule: tiktok.routing.rule
        :raise ValueError: if the rule compares an answer with what is no number
        """
        self._languages = rule.lang_ids.mapped("code")
        self._countries = set(rule.country_ids.mapped("code"))
        self._forms = {form._origin.id or form.id for form in rule.form_ids}
        self._campaigns = {each._origin.id or each.id for each in rule.campaign_ids}
        self._question = (rule.question or "").strip().casefold()
        self._operator = rule.answer_operator
        text = (rule.answer_value or "").strip().casefold()
        self._values = [part.strip() for part in text.split(";") if part.strip()]
        self._number = parse_number(text) if self._operator in NUMBER_OPERATORS else None
        if self._question and self._operator in NUMBER_OPERATORS and self._number is None:
            raise ValueError(text)

    def fits(self, facts):
        """Tell whether a lead meets all conditions; a condition that is empty is met.

        :param LeadFacts facts: of the lead
        :rtype: bool
        """
        return bool(
            (not self._countries or facts.country in self._countries)
            and (not self._forms or facts.form_id in self._forms)
            and (not self._campaigns or facts.campaign_id in self._campaigns)
            and (not self._question or self._fits_answers(facts))
            and (not self._languages or any(fits_language(code, facts) for code in self._languages))
        )

    def _fits_answers(self, facts):
        """Tell whether an answer to the rule's question is as the rule wants it.

        :param LeadFacts facts: of the lead
        :rtype: bool
        """
        answers = [
            answer.strip().casefold()
            for question, answer in facts.answers
            if self._question in question.casefold()
        ]
        if self._operator == "is":
            return any(answer in self._values for answer in answers)
        if self._operator in NUMBER_OPERATORS:
            numbers = [found for found in map(parse_number, answers) if found is not None]
            if self._operator == "at_least":
                return any(number >= self._number for number in numbers)
            return any(number <= self._number for number in numbers)
        return any(value in answer for answer in answers for value in self._values)
