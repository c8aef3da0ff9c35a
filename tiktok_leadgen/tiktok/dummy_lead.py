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
    folded = text.casefold()
    return TEXT_MARK in folded or bool(_ADDRESS.fullmatch(folded.strip()))


def is_flag_set(value):
    """Tell whether a flag such as ``is_test`` says yes.

    :param value: anything JSON can hold
    :rtype: bool
    """
    return value is True or parse_yes_no(values.join_texts(value)) is True


def has_test_answer(changes):
    """Tell whether the answers say that they are a test.

    :param changes: questions and values of an entry, or anything else
    :rtype: bool
    """
    for change in changes if isinstance(changes, list) else ():
        if not isinstance(change, dict):
            continue
        texts = values.list_texts(change.get("value"))
        if any(map(is_marked_text, texts)):
            return True
        question = values.join_texts(change.get("field")).casefold()
        if question in FLAG_QUESTIONS and is_flag_set(change.get("value")):
            return True
    return False
