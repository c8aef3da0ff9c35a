"""Deliveries in the shape TikTok documents, each lead another person."""

import json

from dev.demo import sample

MODEL_UID = "1" * 19
# What differs from lead to lead, in the text that load.lua and `body` fill in.
UID, TAIL = "@UID@", "@TAIL@"


def uids(run, count):
    """Return lead ids of 19 digits that no other run makes.

    :param int run: below 100,000
    :rtype: list[str]
    """
    return [f"7{run:05d}9{number:012d}" for number in range(count)]


def prefix(run):
    """Return what every id of a run begins with.

    :rtype: str
    """
    return f"7{run:05d}"


def template():
    """Return head, one entry and tail of a body, as text.

    :rtype: tuple[str, str, str]
    """
    whole = sample(MODEL_UID)
    entry = whole["entry"][0]
    entry["id"] = UID
    for change in entry["changes"]:
        if change["field"] == "email":
            change["value"] = f"ana.{UID}@example.com"
        elif change["field"] == "phone_number":
            change["value"] = f"+56 9 8{TAIL}"  # a valid number
    text = json.dumps(entry).replace(f'"id": "{UID}"', f'"id": {UID}')
    whole["entry"] = ["@ENTRY@"]
    whole["request_id"] = "bench"
    head, tail = json.dumps(whole).split('"@ENTRY@"')
    return head, text, tail


def body(some_uids):
    """Return the body of one POST with these leads.

    :param list some_uids: lead ids
    :rtype: bytes
    """
    head, entry, tail = template()
    entries = (entry.replace(UID, uid).replace(TAIL, uid[-7:]) for uid in some_uids)
    return f"{head}{','.join(entries)}{tail}".encode()
