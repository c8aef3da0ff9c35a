"""What takes long to read holds up the leads of every company: time grows with length alone."""

import json
import time

import pytest
from tiktok import (
    business_refusal,
    dates,
    email_address,
    entry_bounds,
    export_columns,
    lead,
    payload,
    phone,
    reading,
    signature,
    standard,
    supplement,
)

ENTRY = {"id": 7600000000000000123, "page_id": 7600000000000000456, "create_time": 1789901990}
SECONDS = 5  # the square of these lengths takes minutes
MANY = 40_000


@pytest.fixture
def quick():
    """Fail a test that takes more than `SECONDS`."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS


def entry(*pairs):
    return {**ENTRY, "changes": [{"field": field, "value": value} for field, value in pairs]}


def split(*entries):
    return payload.split_body(json.dumps({"object": 1, "entry": list(entries)}).encode())


def texts(prefix, count):
    return [f"{prefix}{number}" for number in range(count)]


@pytest.mark.usefixtures("quick")
def test_the_same_question_twice_with_many_values_is_read_in_one_pass():
    pairs = ("a", texts("x", MANY)), ("a", texts("y", MANY))
    (answer,) = lead.parse_lead(json.dumps(entry(*pairs))).answers
    assert len(answer.values) == 2 * MANY


def test_values_that_come_twice_are_stored_once_in_the_order_they_came():
    pairs = ("a", ["x", "y", "x"]), ("b", "z"), ("a", ["w", "y"])
    answers = lead.parse_lead(json.dumps(entry(*pairs))).answers
    assert [(each.question, each.values) for each in answers] == [
        ("a", ("x", "y", "w")),
        ("b", ("z",)),
    ]


@pytest.mark.usefixtures("quick")
def test_a_refusal_of_one_long_number_is_read_in_one_pass():
    words = business_refusal.parse_refusal({"code": 40002, "message": "1" * 8 * 1024 * 1024}).words
    assert words == "1" * 200


@pytest.mark.usefixtures("quick")
def test_many_questions_are_read_in_one_pass():
    found = lead.parse_lead(json.dumps(entry(*((question, "v") for question in texts("q", MANY)))))
    assert len(found.answers) == MANY


@pytest.mark.usefixtures("quick")
def test_many_wrappers_in_one_body_are_joined_in_one_pass():
    names = [" " * before + "data" + " " * after for before in range(150) for after in range(150)]
    body = {"id": "7600000000000000123", **{name: {"name": "Ana"} for name in names}}
    (item,) = payload.split_body(json.dumps(body).encode())
    assert item.reason == "too_long"


@pytest.mark.usefixtures("quick")
def test_a_question_of_a_hundred_thousand_characters_is_no_standard_field():
    question = "ﷺ" * 100_000  # each becomes 18 characters where Unicode takes it apart
    (answer,) = lead.parse_lead(json.dumps(entry((question, "v")))).answers
    assert not answer.key


@pytest.mark.usefixtures("quick")
def test_two_deliveries_with_many_long_answers_are_compared_in_one_pass():
    known = lead.parse_lead(json.dumps(entry(*((q, q + "x" * 500) for q in texts("a", 2_000)))))
    fresh = lead.parse_lead(json.dumps(entry(*((q, q + "y" * 500) for q in texts("b", 2_000)))))
    assert len(supplement.find_supplement(known, fresh).answers) == 2_000


@pytest.mark.parametrize(
    ("heavy", "reason"),
    [
        (entry(("a", "x" * entry_bounds.MAX_ENTRY_CHARS)), "too_long"),
        (entry(("a", "я" * (entry_bounds.MAX_ENTRY_CHARS // 6))), "too_long"),
        (entry(*((q, "v") for q in texts("q", entry_bounds.MAX_ANSWERS + 1))), "too_many_answers"),
        (entry(("a", texts("x", entry_bounds.MAX_VALUES + 1))), "too_many_values"),
        (entry(("a", [[texts("x", entry_bounds.MAX_VALUES + 1)]])), "too_many_values"),
        (entry(*[("a", texts("x", entry_bounds.MAX_VALUES // 2 + 1))] * 2), "too_many_values"),
    ],
    ids=["long", "long in ASCII", "answers", "values", "nested values", "values of one question"],
)
def test_what_is_over_a_bound_says_so_and_the_rest_of_the_delivery_goes_on(heavy, reason):
    items = split(entry(("name", "Ana")), heavy, {**entry(("name", "Eva")), "id": 7})
    assert [item.kind for item in items] == ["lead", "unreadable", "lead"]
    assert items[1].reason == reason
    assert reason in payload.REASONS


def test_what_is_just_within_the_bounds_is_a_lead():
    texts_of_many = [(q, "v") for q in texts("q", entry_bounds.MAX_ANSWERS - 1)]
    (item,) = split(entry(*texts_of_many, ("a", texts("x", entry_bounds.MAX_VALUES))))
    assert item.kind == "lead"
    assert len(lead.parse_lead(item.raw).answers) == entry_bounds.MAX_ANSWERS


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("start", ["", "1/2/", "5 may ", f"a{' ' * MANY}b"])
def test_a_long_text_is_no_day_and_costs_no_time(start):
    text = start + "1" * MANY
    assert dates.parse_moment(text, "DE") is None
    assert export_columns.parse_export_time(text) is None


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "text", ["1 " * MANY, f"1{' ' * MANY}1", "a" * MANY, f"a@b.co {'x' * MANY}"]
)
def test_a_long_text_is_no_phone_and_no_email(text):
    assert phone.parse_phone(text, "ES").number == ""
    assert phone.parse_phone_of_country(text, "ES") == ""
    assert phone.list_phone_countries(text) == []
    assert email_address.find_email(text) == ""


@pytest.mark.parametrize(
    "parse",
    [reading.parse_number, reading.parse_yes_no, lambda text: reading.match_option(text, ())],
)
def test_a_long_text_is_no_value_and_stays_in_no_cache(parse):
    standard.normalize_text.cache_clear()
    assert parse("yes" * MANY) is None
    assert standard.normalize_text.cache_info().currsize == 0


@pytest.mark.usefixtures("quick")
def test_a_body_in_another_script_is_checked_in_one_pass():
    for word in ("я" * 1_000_000, "яa" * 500_000):
        assert not signature.check_open_signature(word.encode(), "0" * 64, "secret")
