"""What is nested deeper than anybody's answers."""

import json

from tiktok import payload


def test_an_entry_nested_deeper_than_any_answer_is_no_lead():
    value = []
    for _level in range(150):
        value = [value]
    entry = {"id": 7, "changes": [{"field": "a", "value": value}]}
    item = payload.split_body(json.dumps({"object": 1, "entry": [entry]}).encode())[0]
    assert (item.kind, item.reason) == (payload.KIND_UNREADABLE, "too_deep")
