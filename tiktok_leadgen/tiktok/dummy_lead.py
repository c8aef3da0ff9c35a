"""Recognize test leads by what is written in them.

TikTok and Meta fill the fields of a test lead with ``<test lead: dummy data for full_name>``
(Meta's Lead Ads Testing Tool, developers.facebook.com/docs/marketing-api/guides/lead-ads/testing;
one published delivery of TikTok's form preview has it in the name of the campaign). Google's lead
form and some relays say ``is_test`` (developers.google.com/google-ads/webhook/docs/implementation).
"""

import re

from . import values
from .reading import parse_yes_no

TEXT_MARK = "test lead: dummy data"
FLAG_QUESTIONS = ("is_test", "is test", "istest", "is_test_lead")
# Addresses of the platforms' own test leads; no customer has one.
_ADDRESS = re.compile(r"test(\d+|[._+-][\w.+-]*)?@(tiktok|bytedance|meta|fb|facebook)(\.[a-z]+)+")


def is_marked_text(text):
    """Tell whether a platform wrote a text into a test lead.

    :param str text: a name or an answer
    :rtype: bool
    """
    folded = text.lower()
    if folded.startswith("test") and "@" in folded:
        return bool(_ADDRESS.fullmatch(folded))
    return TEXT_MARK in folded


def is_flag_set(value):
    """Tell whether a flag such as ``is_test`` says yes.

    :param value: anything JSON can hold
    :rtype: bool
    """
    return value is True or parse_yes_no(values.join_texts(value)) is True


def has_test_answer(answers):
    """Tell whether the answers say that they are a test.

    :param answers: pairs of question and texts
    :rtype: bool
    """
    return any(
        any(map(is_marked_text, texts))
        or (question.lower() in FLAG_QUESTIONS and is_flag_set(list(texts)))
        for question, texts in answers
    )
