"""Each alias of the table is read, however relays write it."""

import json

import pytest
from tiktok import lead, payload
from tiktok.relay_aliases import (
    ALIASES,
    ENTITY,
    ENVELOPE,
    ID,
    LIST,
    NAME,
    PERSON,
    ROWS,
    SOURCES,
    VALUE,
    WRAPPER,
    normalize_key,
)

UID = "7600000000000000123"
MOMENT = "2026-11-20 12:00:00"
ANSWERS = {"full_name": "Ana Pérez", "email": "ana@example.com", "Budget?": "2-4 M"}
SAMPLES = {
    "id": UID,
    "create_time": MOMENT,
    "sent_time": 1795176000,
    "is_test": True,
    "lead_source": "INSTANT_FORM",
}


def rows(*roles):
    return [
        pytest.param(alias, id=f"{alias.role}-{alias.name}")
        for alias in ALIASES
        if alias.role in roles
    ]


def camel(name):
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


STYLES = [str, str.upper, camel, lambda name: name.replace("_", " ").title()]


def only(content):
    (item,) = payload.split_body(json.dumps(content).encode())
    assert item.kind == "lead", item
    return item, json.loads(item.raw), lead.parse_lead(item.raw)


def assert_ana(found):
    assert (found.person, found.answer("email")) == ("Ana Pérez", "ana@example.com")
    assert len(found.answers) == len(ANSWERS), found.answers


def test_each_row_has_a_source_and_is_there_once():
    assert {alias.source for alias in ALIASES} == set(SOURCES)
    assert all(SOURCES.values())
    rows = [(alias.name, alias.role) for alias in ALIASES]
    assert len(rows) == len(set(rows))
    assert all(normalize_key(alias.name) == alias.name for alias in ALIASES)


@pytest.mark.parametrize("spell", STYLES)
@pytest.mark.parametrize("alias", rows(ID))
def test_id_is_read_under_each_name(alias, spell):
    value = SAMPLES.get(alias.key, "7600000000000000456")
    _item, entry, found = only({spell(alias.name): value, **ANSWERS})
    assert entry[alias.key] == value
    assert_ana(found)


@pytest.mark.parametrize("alias", rows(ENTITY))
def test_object_of_a_form_or_ad_is_read(alias):
    content = {alias.name: {"id": 456, "name": "Spring", "status": "ENABLE"}, **ANSWERS}
    _item, entry, found = only({"lead_id": UID, **content})
    assert entry[f"{alias.key}_id"] == 456
    assert entry[f"{alias.key}_name"] == "Spring"
    assert_ana(found)


@pytest.mark.parametrize("alias", rows(WRAPPER, PERSON))
def test_wrapper_is_opened(alias):
    for inner in (ANSWERS, [ANSWERS], json.dumps(ANSWERS)):
        # Outside of everything, an entry is TikTok's own.
        item, _entry, found = only({"lead": {"lead_id": UID, alias.name: inner}})
        assert item.lead_uid == UID
        assert_ana(found)


@pytest.mark.parametrize("alias", rows(WRAPPER, ROWS))
def test_wrapper_of_several_leads_is_opened(alias):
    people = [{**ANSWERS, "lead_id": str(int(UID) + number)} for number in range(3)]
    items = payload.split_body(json.dumps({"form_id": 7, alias.name: people}).encode())
    assert [item.lead_uid for item in items] == [person["lead_id"] for person in people]


@pytest.mark.parametrize("alias", rows(ROWS))
def test_rows_of_something_else_are_an_answer(alias):
    goods = [{"id": 7, "name": "Shoe"}, {"id": 8, "name": "Sock"}]
    for inner in (goods, goods[:1]):
        item, _entry, found = only({"lead_id": UID, **ANSWERS, alias.name: inner})
        assert item.lead_uid == UID
        assert found.person == "Ana Pérez"
        assert "Shoe" in next(each.text for each in found.answers if each.question == alias.name)


@pytest.mark.parametrize("alias", rows(LIST))
def test_list_of_answers_is_read(alias):
    pairs = [{"name": question, "value": answer} for question, answer in ANSWERS.items()]
    singles = [{question: answer} for question, answer in ANSWERS.items()]
    for inner in (pairs, singles, json.dumps(pairs)):
        assert_ana(only({"lead_id": UID, alias.name: inner})[2])


@pytest.mark.parametrize("alias", [row for row in rows(LIST) if "data" not in row.id])
def test_object_of_answers_is_read(alias):
    nested = {name: {"label": name, "value": value} for name, value in ANSWERS.items()}
    for inner in (ANSWERS, json.dumps(ANSWERS), nested):
        assert_ana(only({"lead_id": UID, alias.name: inner})[2])


@pytest.mark.parametrize("spell", STYLES)
@pytest.mark.parametrize("alias", rows(NAME))
def test_question_is_read_under_each_name(alias, spell):
    pairs = [{spell(alias.name): name, "value": value} for name, value in ANSWERS.items()]
    assert_ana(only({"lead_id": UID, "fields": pairs})[2])


@pytest.mark.parametrize("spell", STYLES)
@pytest.mark.parametrize("alias", rows(VALUE))
def test_answer_is_read_under_each_name(alias, spell):
    for wrap in (str, lambda text: [text]):
        pairs = [{"label": q, spell(alias.name): wrap(text)} for q, text in ANSWERS.items()]
        assert_ana(only({"lead_id": UID, "fields": pairs})[2])


@pytest.mark.parametrize("alias", rows(ENVELOPE))
def test_envelope_is_no_answer(alias):
    beside = {
        alias.key: ANSWERS if alias.key in ("body", "json", "data", "record", "items") else "x"
    }
    if alias.key in ("event", "value"):
        beside = {alias.key: ANSWERS}
    elif alias.key == "list":
        beside = {alias.key: [{"name": q, "value": v} for q, v in ANSWERS.items()]}
    elif not alias.key:
        beside = {}
    found = only({"lead_id": UID, **ANSWERS, **beside, alias.name: "something"})[2]
    assert not [each for each in found.answers if each.text == "something"]
    assert_ana(found)
    if alias.key:  # without what must be beside it, it is a question like any other
        found = only({"lead_id": UID, **ANSWERS, alias.name: "something"})[2]
        assert [each for each in found.answers if each.text == "something"]


@pytest.mark.parametrize(
    ("key", "normal"),
    [
        ("leadId", "lead_id"),
        ("LeadID", "lead_id"),
        ("LEAD_ID", "lead_id"),
        ("Lead ID", "lead_id"),
        (" lead-id ", "lead_id"),
        ("adGroupName", "ad_group_name"),
        ("userColumnData", "user_column_data"),
        ("isTest", "is_test"),
        ("What is your budget?", "what_is_your_budget?"),
    ],
)
def test_key_is_normalized(key, normal):
    assert normalize_key(key) == normal
