"""Audiences from customer files: upload, create, replace, delete.

https://business-api.tiktok.com/portal/docs?id=1739940567842818
"""

import hashlib
import typing

from .hashing import hash_email, hash_phone

PATH = "/dmp/custom_audience"
UPLOAD, CREATE = f"{PATH}/file/upload/", f"{PATH}/create/"
UPDATE, DELETE = f"{PATH}/update/", f"{PATH}/delete/"
LIST, GET = f"{PATH}/list/", f"{PATH}/get/"

MULTIPLE_TYPES = "MULTIPLE_TYPES"  # a column for each kind of hash
HEADER = ("email_SHA256", "phone_SHA256")
MIN_MEMBERS = 1_000  # TikTok refuses smaller files, and updates that leave fewer
MAX_NAME = 128
MAX_FILES = 49  # in one request
FILE_ROWS = 100_000  # in one file: about 13 MB of TikTok's 250

_MOST_COUNTED = 2**31 - 1  # what a column of PostgreSQL takes
_GONE = "40007"
_REFUSED = ("40000", "40002", "40700")
_SIZE_WORDS = ("1,000", "1000", "too few", "minimum")


class RemoteAudience(typing.NamedTuple):
    """What TikTok says of an audience."""

    audience_uid: str
    name: str
    is_valid: bool  # False while it is computed, too small or expired
    is_expiring: bool
    matched_count: int


def format_member(email, phone):
    """Return the line of a person, as wide as the header.

    :param str email: empty or False for none
    :param str phone: E.164, empty or False for none
    :return: two hashes, one of them may be empty; empty if nothing can be hashed
    :rtype: str
    """
    cells = (hash_email(email), hash_phone(phone))
    return ",".join(cells) if any(cells) else ""


def format_file(lines):
    """Return a file of members.

    :param list[str] lines: of `format_member`
    :rtype: bytes
    """
    return "\n".join((",".join(HEADER), *lines, "")).encode()


def split_files(lines):
    """Split members into files that are small enough to be held in memory.

    :param lines: of `format_member`, iterable
    :return: an iterator of files
    :rtype: Iterator[bytes]
    """
    part = []
    for line in lines:
        part.append(line)
        if len(part) == FILE_ROWS:
            yield format_file(part)
            part = []
    if part:
        yield format_file(part)


def upload_file(client, advertiser_uid, content):
    """Upload a file of members; TikTok deletes it after matching.

    :param client: `BusinessClient`
    :param str advertiser_uid: the file is for this ad account only
    :param bytes content: of `split_files`
    :return: its path at TikTok, empty if the answer has none
    :rtype: str
    :raise TiktokError: as TikTok refuses
    """
    body = {
        "advertiser_id": advertiser_uid,
        "calculate_type": MULTIPLE_TYPES,
        "file_signature": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }
    files = {"file": ("members.csv", content, "text/csv")}
    return str(client.post(UPLOAD, body, files=files).get("file_path") or "")


def create_audience(client, advertiser_uid, name, paths):
    """Create an audience of uploaded files, unless the ad account has one of this name.

    A request whose answer was lost may have created it: then its members are replaced.

    :param client: `BusinessClient`
    :param str advertiser_uid: TikTok's
    :param str name: up to `MAX_NAME` characters, of this audience alone
    :param list[str] paths: of uploaded files
    :return: TikTok's ID, empty if the answer has none
    :rtype: str
    :raise TiktokError: as TikTok refuses
    """
    known = find_audience(client, advertiser_uid, name)
    if known:
        replace_members(client, advertiser_uid, known, paths)
        return known
    body = {
        "advertiser_id": advertiser_uid,
        "custom_audience_name": name,
        "file_paths": paths,
        "calculate_type": MULTIPLE_TYPES,
    }
    return str(client.post(CREATE, body).get("custom_audience_id") or "")


def replace_members(client, advertiser_uid, audience_uid, paths):
    """Replace all members of an audience: those who are in no file leave it.

    :param client: `BusinessClient`
    :param str advertiser_uid: TikTok's
    :param str audience_uid: TikTok's
    :param list[str] paths: of uploaded files
    :raise TiktokError: as TikTok refuses, also where fewer than `MIN_MEMBERS` would remain
    """
    body = {
        "advertiser_id": advertiser_uid,
        "custom_audience_id": audience_uid,
        "file_paths": paths,
        "action": "REPLACE",  # never left out, though it is the default
    }
    client.post(UPDATE, body)


def delete_audience(client, advertiser_uid, audience_uid):
    """Delete an audience; one that is gone already is no error.

    :param client: `BusinessClient`
    :param str advertiser_uid: TikTok's
    :param str audience_uid: TikTok's
    :raise TiktokError: as TikTok refuses
    """
    body = {"advertiser_id": advertiser_uid, "custom_audience_ids": [audience_uid]}
    client.post(DELETE, body)


def find_audience(client, advertiser_uid, name):
    """Return the ID of the audience of a name.

    :param client: `BusinessClient`
    :param str advertiser_uid: TikTok's
    :param str name: of the audience
    :return: empty if there is none
    :rtype: str
    :raise TiktokError: as TikTok refuses
    """
    for row in client.iter_pages(LIST, {"advertiser_id": advertiser_uid}):
        if isinstance(row, dict) and row.get("name") == name:
            return str(row.get("audience_id") or row.get("custom_audience_id") or "")
    return ""


def get_audience(client, advertiser_uid, audience_uid):
    """Return what TikTok says of an audience.

    :param client: `BusinessClient`
    :param str advertiser_uid: TikTok's
    :param str audience_uid: TikTok's
    :return: None if TikTok does not know it
    :rtype: RemoteAudience | None
    :raise TiktokError: as TikTok refuses
    """
    params = {"advertiser_id": advertiser_uid, "custom_audience_ids": [audience_uid]}
    for row in client.get_list(GET, params):
        details = row.get("audience_details")
        if isinstance(details, dict) and str(details.get("audience_id")) == audience_uid:
            return _parse_details(details)
    return None


def _parse_details(details):
    count = str(details.get("cover_num"))
    is_counted = count.isascii() and count.isdigit() and len(count) < 20
    return RemoteAudience(
        audience_uid=str(details["audience_id"]),
        name=str(details.get("name") or ""),
        is_valid=details.get("is_valid") is True,
        is_expiring=details.get("is_expiring") is True,
        matched_count=min(int(count), _MOST_COUNTED) if is_counted else 0,
    )


def is_gone(error):
    """Tell whether an audience no longer exists at TikTok.

    :param TiktokError error: of a call about it
    :rtype: bool
    """
    return error.code == _GONE


def is_size_refusal(error):
    """Tell whether TikTok refused a file or an update because too few people are in it.

    :param TiktokError error: of a call about an audience
    :rtype: bool
    """
    words = error.words.lower()
    return error.code in _REFUSED and any(sign in words for sign in _SIZE_WORDS)
