"""What the codes of the Marketing API mean.

TikTok's list is "Appendix: Return Codes" of https://business-api.tiktok.com/portal/docs; it also
sends codes that are not listed.
"""

import datetime
import json
import re

from .errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    UnparsableAnswerError,
    WrongRequestError,
)
from .values import format_line

SUCCESS = (0, 20001, "0", "20001")  # 20001: partially, and it has data
SECOND_LOCK = 1  # seconds to wait after the limit of a second, a minute, a day
MINUTE_LOCK = 300
MAX_REFUSAL_BYTES = 64 * 1024

_TOO_OFTEN = {40016, 40100, 40132, 40133}
REFUSED = {"rate_limit_exceeded", *map(str, _TOO_OFTEN)}  # such a call was not carried out
_KINDS = {
    **dict.fromkeys((40102, 40104, 40105), ReconnectError),
    **dict.fromkeys((40001, 40115, 40118, 40300, 40301), NotAllowedError),
    **dict.fromkeys((50000, 50002), RetryLaterError),
}
_SENTENCES = {
    40000: "TikTok could not do it.",
    40001: "TikTok does not allow this to the app or to the person.",
    40002: "TikTok rejected the request.",
    40007: "What was asked for does not exist at TikTok.",
    40101: "TikTok does not know this app id with this secret.",
    40102: "The connection to TikTok has ended.",
    40104: "TikTok got no token.",
    40105: "The connection was revoked at TikTok.",
    40110: "The consent's code is invalid, used or expired.",
    40113: "TikTok does not know the app.",
    40115: "The ad account belongs to another company at TikTok.",
    40118: "TikTok forbids it.",
    40300: "The ad account does not exist.",
    40301: "The person has not the right role in the ad account.",
    40700: "TikTok did not take the request.",
    50000: "TikTok has a problem.",
    50002: "TikTok has a problem.",
}
_EXPLAINED = {40000, 40002, 40700}  # only TikTok's own words say what is wrong
_ADDRESS_OR_WORD = re.compile(r"https?://\S+|[\w-]{20,}")
_LETTER = re.compile(r"[A-Za-z]")
_LONGEST = 200


def parse_refusal(content):
    """Return the typed error of an envelope that reports no success.

    :param dict content: ``{"code", "message", "request_id"}``
    :rtype: TiktokError
    """
    try:
        code = int(content["code"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return UnparsableAnswerError("TikTok's answer has no code in it.", "no_code")
    request_id, words = format_line(content.get("request_id"))[:100], str(content.get("message"))
    if code in _TOO_OFTEN:
        return RetryLaterError(
            "TikTok asks to slow down.", str(code), request_id, retry_after=_lock_seconds(words)
        )
    kind = _KINDS.get(code) or (RetryLaterError if code >= 50000 else WrongRequestError)
    sentence = _SENTENCES.get(code, "TikTok rejected the request.")
    error = kind(sentence, str(code), request_id)
    if code in _EXPLAINED or code not in _SENTENCES:
        error = kind(f"{sentence} It says: {_redact_words(words)}", str(code), request_id)
        error.words = _redact_words(words)
    return error


def _lock_seconds(words):
    """Return how long TikTok refuses calls now, from the limit its message names.

    :param str words: TikTok's message
    :return: seconds
    :rtype: int
    """
    if "QPS" in words:
        return SECOND_LOCK
    if "QPD" in words or "daily" in words.lower():
        now = datetime.datetime.now(datetime.timezone.utc)
        return 86400 - (now.hour * 3600 + now.minute * 60 + now.second)
    return MINUTE_LOCK


def _redact_words(words):
    """Return TikTok's message without what may be a URL or a secret of ours.

    :param str words: TikTok's message
    :rtype: str
    """
    return _ADDRESS_OR_WORD.sub(_redact_word, format_line(words))[:_LONGEST]


def _redact_word(match):
    return "…" if _LETTER.search(match[0]) else match[0]  # a number is no secret


def read_refusal(response, first, chunks):
    """Return the error that was sent instead of a file.

    :param requests.Response response: whose body is being read
    :param bytes first: chunk of the body
    :param chunks: the other chunks
    :rtype: TiktokError
    """
    body = first
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_REFUSAL_BYTES:
            return UnparsableAnswerError("TikTok's answer is no file.", "no_file")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        status = response.status_code
        return UnparsableAnswerError(f"TikTok's answer can't be read (HTTP {status}).", "not_json")
    if content.get("code") in SUCCESS:
        return UnparsableAnswerError("TikTok's answer is no file.", "no_file")
    return parse_refusal(content)
