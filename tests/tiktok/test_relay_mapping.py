"""A body that no alias knows is read as a user says."""

import json

import pytest
from tiktok import lead, payload
from tiktok.relay_mapping import (
    MAX_PATHS,
    Rule,
    compute_structure,
    find_frame,
    is_contact_text,
    list_paths,
    read_entries,
    suggest_roles,
)

BODY = {
    "batch": "b-1",
    "submissions": [
        {
            "ref": 7600000000000000123,
            "who": {"mail": "ana@example.com", "Your budget?": "2-4 M"},
            "where": {"form": "F-1", "camp": {"no": 11}},
            "when": "2026-11-20 12:00:00",
        },
        {"ref": 7600000000000000124, "who": {"mail": "eva@example.com"}, "where": {"form": "F-2"}},
    ],
}
FIELDS = {
    "uid": "/submissions/*/ref",
    "page_uid": "/submissions/*/where/form",
    "campaign_uid": "/submissions/*/where/camp/no",
    "submitted_at": "/submissions/*/when",
}


def rule(content=BODY, leads="/submissions", answers=("/submissions/*/who",), fields=FIELDS):
    return Rule(leads, tuple(answers), fields, find_frame(content, answers))


def test_parts_are_listed_in_their_order_with_a_sample():
    paths = [(part.path, part.kind, part.sample) for part in list_paths(BODY)]
    assert paths[:4] == [
        ("/batch", "value", "b-1"),
        ("/submissions", "list", None),
        ("/submissions/*", "object", None),
        ("/submissions/*/ref", "value", 7600000000000000123),
    ]
    assert ("/submissions/*/who/mail", "value", "ana@example.com") in paths


def test_leads_are_read_with_their_ids_and_answers():
    first, second = payload.split_mapped_body(json.dumps(BODY), rule())
    assert (first.kind, first.lead_uid, first.page_uid) == ("lead", "7600000000000000123", "F-1")
    assert first.submitted == 1795176000
    found = lead.parse_lead(first.raw)
    assert (found.campaign.uid, found.answer("email")) == ("11", "ana@example.com")
    assert {each.question: each.text for each in found.answers} == {
        "mail": "ana@example.com",
        "Your budget?": "2-4 M",
    }
    assert (second.lead_uid, second.submitted) == ("7600000000000000124", None)


def test_answers_of_another_form_need_no_other_mapping():
    other = json.loads(json.dumps(BODY))
    other["submissions"][0]["who"] = {"tel": "+56911112222", "a": {"b": 1}}
    assert compute_structure(other) != compute_structure(BODY)
    assert len(read_entries(other, rule())[0]) == 2


def test_element_that_is_no_lead_stays_beside_the_leads():
    body = {**BODY, "submissions": [*BODY["submissions"], {"colour": "red"}, "call me"]}
    items = payload.split_mapped_body(json.dumps(body), rule(body))
    assert [item.kind for item in items] == ["lead", "lead", "unreadable", "unreadable"]
    assert [json.loads(item.raw) for item in items[2:]] == [{"colour": "red"}, "call me"]


def test_part_that_is_missing_today_does_no_harm():
    content = {"submissions": [{"ref": "1", "who": {"mail": "a@b.co"}}]}
    assert [entry["id"] for entry in read_entries(content, rule())[0]] == ["1"]


@pytest.mark.parametrize(
    "content",
    [
        {**BODY, "new": 1},
        {"submissions": [{"ref": 1, "who": {"mail": "a@b.co"}, "new": {"x": 1}}]},
        {"respondent": {"mail": "a@b.co"}},
        [],
        "x",
    ],
)
def test_body_of_another_structure_is_not_read(content):
    assert read_entries(content, rule()) == ([], [])


def test_one_lead_needs_no_list():
    content = {"ref": "r-1", "who": [{"q": "Email", "a": "a@b.co"}], "flag": True}
    fields = {"uid": "/ref", "is_test": "/flag"}
    answers = ("/who/*/a",)
    ((entry,), _left_out) = read_entries(content, rule(content, "", answers, fields))
    assert entry == {"id": "r-1", "is_test": True, "changes": [{"field": "a", "value": "a@b.co"}]}


def test_single_values_and_lists_of_pairs_are_answers():
    content = {"m": {"mail": "a@b.co", "tel": 5}, "l": [{"label": "City", "value": "Lima"}]}
    ((entry,), _left_out) = read_entries(content, rule(content, "", ("/m/mail", "/l"), {}))
    assert entry["changes"] == [
        {"field": "mail", "value": "a@b.co"},
        {"field": "City", "value": "Lima"},
    ]


def test_what_is_outside_of_the_list_belongs_to_each_lead():
    content = {"form": "F", "rows": [{"e": "a@b.co"}, {"e": "c@d.co"}]}
    found = rule(content, "/rows", ("/rows/*/e",), {"page_uid": "/form"})
    assert [entry["page_id"] for entry in read_entries(content, found)[0]] == ["F", "F"]


def test_json_inside_of_a_text_is_a_part_too():
    content = {"raw": json.dumps({"who": {"mail": "a@b.co"}, "no": "7"})}
    ((entry,), _left_out) = read_entries(
        content, rule(content, "", ("/raw/who",), {"uid": "/raw/no"})
    )
    assert entry == {"id": "7", "changes": [{"field": "mail", "value": "a@b.co"}]}


def test_roles_are_suggested_by_names_and_contents():
    assert suggest_roles(BODY) == {"/submissions/*/who": "answers", "/submissions": "leads"}
    content = {"lead_id": "7", "respondent": {"mail": "a@b.co"}, "form_name": "F"}
    assert suggest_roles(content) == {
        "/lead_id": "uid",
        "/respondent": "answers",
        "/form_name": "page_name",
    }
    assert suggest_roles({"a": 1}) == suggest_roles([]) == suggest_roles("x") == {}


@pytest.mark.parametrize("key", ["a/b", "a~b", "*", "", " ", "ключ", "~1"])
def test_any_key_can_be_named(key):
    content = {key: {"mail": "a@b.co"}, "id": {key: 7}}
    paths = [part.path for part in list_paths(content)]
    assert len(set(paths)) == len(paths) == 4
    ((entry,), _left_out) = read_entries(content, rule(content, "", (paths[0],), {"uid": paths[3]}))
    assert (entry["id"], entry["changes"][0]["value"]) == (7, "a@b.co")


def test_structure_depends_on_keys_not_on_values():
    one, other = {"a": 1, "b": ["x"]}, {"b": ["y", "z"], "a": "2"}
    assert compute_structure(one) == compute_structure(other)
    assert compute_structure({"a": 1}) != compute_structure({"a": {}})


def test_huge_and_deep_bodies_are_bounded():
    deep = "x"
    for _level in range(200):
        deep = {"d": deep}
    assert len(list_paths(deep)) <= MAX_PATHS
    assert len(list_paths({f"k{number}": number for number in range(5000)})) <= MAX_PATHS + 1


@pytest.mark.parametrize(
    ("text", "is_contact"),
    [
        ("ana@example.com", True),
        ("+56 9 1111 2222", True),
        ("0501234567", True),
        ("1795176000", False),
        ("1795176000000", False),
        ("7600000000000000123", False),
        ("12345", False),
        ("2026-11-20T12:00:00Z", False),
        ("write to ana@example.com", False),
        ("", False),
    ],
)
def test_contact_is_recognized(text, is_contact):
    assert is_contact_text(text) is is_contact


def test_what_all_leads_share_is_read_once_and_never_multiplies_a_body():
    rows = [{"mail": f"a{number}@example.com"} for number in range(10_000)]
    body = {"form": "F-1", "note": "n" * 20_000, "goods": [{"x": "y"}] * 10_000, "rows": rows}
    fields = {"page_uid": "/form", "campaign_name": "/goods/*/x"}
    paths = ("/rows/*/mail", "/note")
    items = payload.split_mapped_body(json.dumps(body), rule(body, "/rows", paths, fields))
    leads, left_out = items[: len(rows)], items[len(rows) :]
    assert {(item.kind, item.page_uid) for item in leads} == {("lead", "F-1")}
    assert [(item.kind, len(item.raw) > 20_000) for item in left_out] == [("unreadable", True)] * 2
    assert sum(len(item.raw) for item in items) < 10 * len(json.dumps(body))
    (only,) = payload.split_mapped_body(
        json.dumps({**body, "rows": rows[:1]}), rule(body, "/rows", paths, fields)
    )
    assert "n" * 20_000 in only.raw
