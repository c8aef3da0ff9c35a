"""Audiences from customer files: upload, create, update, list, get, delete."""

import hashlib

from flask import request

from dev.sandbox.business.api import (
    FAILED,
    INVALID,
    NOT_FOUND,
    Refused,
    array,
    endpoint,
    one_of,
    owner,
    paged,
    params,
    text,
    uid,
    world,
)
from dev.sandbox.business.forms import stamp

BASE = "/dmp/custom_audience"
LEAST_MEMBERS = 1000
MOST_AUDIENCES, MOST_NAME, MOST_FILES = 400, 128, 49
MOST_BYTES = 250 * 1024 * 1024
READY_SECONDS = 48 * 3600
YEAR = 365 * 86400
HASHES = ("EMAIL_SHA256", "PHONE_SHA256")
MULTIPLE = "MULTIPLE_TYPES"
COLUMNS = {"email_SHA256", "phone_SHA256"}
ACTIONS = ("APPEND", "REMOVE", "REPLACE")
TOO_FEW = f"The audience must have at least {LEAST_MEMBERS} members."


@endpoint("POST", f"{BASE}/file/upload/", permission=51)
def file_upload(token):
    """Take a file of hashes for one ad account."""
    advertiser_id = _advertiser(token)
    file = request.files.get("file")
    if not file or not file.filename.endswith((".csv", ".txt")):
        raise Refused(INVALID, "file: Must be a .csv or .txt file.")
    content = file.read()
    if len(content) > MOST_BYTES:
        raise Refused(INVALID, "file: Larger than 250 MB.")
    if (
        text("file_signature", required=True)
        != hashlib.md5(content, usedforsecurity=False).hexdigest()
    ):
        raise Refused(INVALID, "file_signature: Not the MD5 of the file.")
    kind = _calculate_type()
    path = f"{advertiser_id}/{world().ids.log_id(world().now())}.csv"
    world().audience_files[path] = {
        "advertiser_id": advertiser_id,
        "calculate_type": kind,
        "members": _read_members(content, kind),
    }
    return {"file_path": path}


@endpoint("POST", f"{BASE}/create/", permission=51)
def audience_create(token):
    """Make an audience of uploaded files."""
    advertiser_id = _advertiser(token)
    name = text("custom_audience_name", required=True, most=MOST_NAME)
    own = [each for each in world().audiences.values() if each["advertiser_id"] == advertiser_id]
    if len(own) >= MOST_AUDIENCES:
        raise Refused(INVALID, f"An ad account has at most {MOST_AUDIENCES} audiences.")
    kind = _calculate_type()
    members = _members(advertiser_id, kind)
    if len(members) < LEAST_MEMBERS:
        raise Refused(INVALID, TOO_FEW)
    days = params().get("retention_in_days")
    if days is not None and (type(days) is not int or not 1 <= days <= 365):
        raise Refused(INVALID, "retention_in_days: Must be between 1 and 365.")
    uid_ = world().ids.uid()
    world().audiences[uid_] = {
        "custom_audience_id": uid_,
        "advertiser_id": advertiser_id,
        "name": name,
        "calculate_type": kind,
        "members": members,
        "create_time": world().now(),
        "changed_at": world().now(),
        "expires": world().now() + (days * 86400 if days else YEAR),
        "history": ["CREATE"],
    }
    return {"custom_audience_id": uid_}


@endpoint("POST", f"{BASE}/update/", permission=51)
def audience_update(token):
    """Rename an audience or change its members; without ``action`` they are replaced."""
    found = _audience(_advertiser(token), uid("custom_audience_id", required=True))
    name = text("custom_audience_name", most=MOST_NAME)
    if bool(name) == bool(params().get("file_paths")):
        raise Refused(INVALID, "Give either custom_audience_name or file_paths.")
    if name:
        found["name"] = name
        return {}
    action = one_of("action", ACTIONS, "REPLACE")
    given = _members(found["advertiser_id"], found["calculate_type"])
    changed = {
        "APPEND": found["members"] | given,
        "REMOVE": found["members"] - given,
        "REPLACE": given,
    }[action]
    if len(changed) < LEAST_MEMBERS:
        raise Refused(INVALID, TOO_FEW)
    found["members"] = changed
    found["changed_at"] = world().now()
    found["history"].append(action)
    return {}


@endpoint("GET", f"{BASE}/list/", permission=51)
def audience_list(token):
    """List the audiences of an ad account."""
    advertiser_id = _advertiser(token)
    own = [each for each in world().audiences.values() if each["advertiser_id"] == advertiser_id]
    page, info = paged([_details(each) for each in own])
    return {"list": page, "page_info": info}


@endpoint("GET", f"{BASE}/get/", permission=51)
def audience_get(token):
    """Describe audiences; those that are gone are missing."""
    advertiser_id = _advertiser(token)
    ids = array("custom_audience_ids") or []
    if not 1 <= len(ids) <= 100:
        raise Refused(INVALID, "custom_audience_ids: Must be a list of 1 to 100 ids.")
    known = [world().audiences.get(each) for each in ids]
    own = [each for each in known if each and each["advertiser_id"] == advertiser_id]
    return {
        "list": [
            {
                "audience_details": _details(each),
                "audience_history": [{"action": action} for action in each["history"]],
            }
            for each in own
        ]
    }


@endpoint("POST", f"{BASE}/delete/", permission=51)
def audience_delete(token):
    """Delete audiences."""
    advertiser_id, ids = _advertiser(token), array("custom_audience_ids") or []
    if not 1 <= len(ids) <= 100:
        raise Refused(INVALID, "custom_audience_ids: Must be a list of 1 to 100 ids.")
    found = [_audience(advertiser_id, each) for each in ids]
    for each in found:
        del world().audiences[each["custom_audience_id"]]
    return {}


def describe(state, found):
    """Return an audience as JSON can say it, its members as a number.

    :rtype: dict
    """
    named = ("custom_audience_id", "advertiser_id", "name", "calculate_type", "history")
    valid = state.now() - found["changed_at"] >= READY_SECONDS
    return {**{key: found[key] for key in named}, "count": len(found["members"]), "is_valid": valid}


def _advertiser(token):
    uid("advertiser_id", required=True)
    return owner(token)[0]


def _calculate_type():
    text("calculate_type", required=True)
    return one_of("calculate_type", (*HASHES, MULTIPLE))


def _audience(advertiser_id, audience_id):
    found = world().audiences.get(audience_id)
    if not found or found["advertiser_id"] != advertiser_id:
        raise Refused(NOT_FOUND, "custom_audience_id: The audience does not exist.")
    return found


def _members(advertiser_id, kind):
    """Return the members in the files that a call names."""
    paths = array("file_paths") or []
    if not 1 <= len(paths) <= MOST_FILES:
        raise Refused(INVALID, f"file_paths: Must be a list of 1 to {MOST_FILES} paths.")
    members = set()
    for path in paths:
        file = world().audience_files.get(path)
        if not file or file["advertiser_id"] != advertiser_id:
            raise Refused(NOT_FOUND, "file_paths: The file does not exist for this advertiser.")
        if file["calculate_type"] != kind:
            raise Refused(INVALID, "calculate_type: Not that of the file.")
        members |= file["members"]
    return members


def _read_members(content, kind):
    """Read the lines of a file; each bad one refuses it.

    :rtype: set[str]
    """
    try:
        lines = content.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refused(FAILED, "file: Not readable.") from None
    width = 1
    if kind == MULTIPLE:
        header = lines.pop(0).split(",")
        if not set(header) <= COLUMNS or len(set(header)) != len(header):
            raise Refused(INVALID, "file: The header is not valid.")
        width = len(header)
    members = {line for line in lines if line}
    for line in members:
        cells = line.split(",")
        if len(cells) != width or not any(cells) or not all(map(_is_hash_or_empty, cells)):
            raise Refused(INVALID, "file: A line is not a SHA-256 in lower-case hex.")
    return members


def _is_hash_or_empty(cell):
    return not cell or (len(cell) == 64 and set(cell) <= set("0123456789abcdef"))


def _details(found):
    now = world().now()
    ready = now - found["changed_at"] >= READY_SECONDS
    alive = now < found["expires"]
    return {
        "audience_id": found["custom_audience_id"],
        "name": found["name"],
        "audience_type": "Customer File",
        "calculate_type": found["calculate_type"],
        "is_valid": ready and alive,
        "is_expiring": found["expires"] - now < 60 * 86400,
        "cover_num": len(found["members"]) * 6 // 10 if ready and alive else 0,
        "is_creator": True,
        "msg": "",
        "error_msg": "",
        "create_time": stamp(found["create_time"]),
        "expired_time": stamp(found["expires"]),
    }
