"""How TikTok wants e-mail addresses and phone numbers: SHA-256 of their normalized text.

https://business-api.tiktok.com/portal/docs?id=1771101303285761
"""

import hashlib
import re

_E164 = re.compile(r"\+\d{7,15}")


def hash_email(address):
    """Return the hash of an e-mail address, trimmed and in lower case.

    Dots and tags of Gmail stay: TikTok says nothing of them.

    :param str address: empty or False for none
    :return: 64 hexadecimal digits, empty for what is no address
    :rtype: str
    """
    text = (address or "").strip().lower()
    return _hash_text(text) if "@" in text.strip("@") else ""


def hash_phone(number):
    """Return the hash of a phone number in E.164, with its plus sign.

    :param str number: empty or False for none
    :return: 64 hexadecimal digits, empty for what is no such number
    :rtype: str
    """
    text = re.sub(r"[\s().-]", "", number or "")
    return _hash_text(text) if _E164.fullmatch(text) else ""


def _hash_text(text):
    return hashlib.sha256(text.encode()).hexdigest()
