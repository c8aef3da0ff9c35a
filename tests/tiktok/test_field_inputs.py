"""Of each kind of input, how many are read right, how many stay as they are, and none wrong."""

import collections
import json
import pathlib

import country_set
import person_set
import phone_set
import pytest
import question_set_more
from test_question_set import ANSWERS, read
from tiktok import lead, payload
from tiktok.countries import find_country
from tiktok.dates import AmbiguousDateError, parse_date
from tiktok.email_address import find_email
from tiktok.person_name import join_names
from tiktok.phone import parse_phone

LEAST = 20  # inputs of a kind
RELAYS = pathlib.Path(__file__).parent / "relay_bodies.jsonl"
ANA = "ana@example.com"


def measure(cases, least_right):
    """Count what is right and hold that nothing is wrong.

    :param list cases: of the input, what was found, empty if it stays, and the right value
    :param float least_right: share of the cases that have a right value
    """
    results = collections.Counter()
    wrong, unread = [], []
    for case, found, right in cases:
        kind = "right" if found == right else "wrong" if found else "kept"
        results[kind] += 1
        wrong += [(case, found, right)] if kind == "wrong" else []
        unread += [(case, right)] if kind == "kept" else []
    assert wrong == []
    assert results.total() >= LEAST
    readable = sum(bool(right) for _case, _found, right in cases)
    assert readable - results["kept"] >= least_right * readable, unread


@pytest.mark.parametrize("whose", ["person", "company"])
def test_phone_numbers_of_a_person_and_of_a_company(whose):
    cases = []
    for number, country, texts in phone_set.PHONES:
        own, others = (country, ()) if whose == "person" else ("", (country,))
        cases += [(text, parse_phone(text, own, others).number, number) for text in texts]
    measure(cases, 0.95)


def test_what_is_no_phone_number_stays():
    cases = [(text, parse_phone(text, country).number, "") for text, country in phone_set.NO_PHONES]
    measure(cases, 1)


def test_addresses_however_they_are_typed():
    cases = [(text, find_email(text), ANA) for text in person_set.EMAILS_OF_ANA]
    cases += [(text, find_email(text), text) for text in person_set.OTHER_EMAILS]
    measure(cases, 0.95)


def test_what_is_no_address_stays():
    measure([(text, find_email(text), "") for text in person_set.NO_EMAILS], 1)


def test_names_of_two_or_three_parts():
    measure([(each[:3], join_names(*each[:3]), each[3]) for each in person_set.NAMES], 1)


def read_day(text, country):
    try:
        return str(parse_date(text, country) or "")
    except AmbiguousDateError:
        return "several"


def test_days_of_any_language():
    days = {"-": "", "?": "several"}
    cases = [
        ((text, country), read_day(text, country), days.get(day, day))
        for text, country, day in person_set.DATES
    ]
    measure(cases, 0.95)


def test_countries_as_people_write_them():
    cases = [
        (text, find_country(text), code)
        for code, texts in country_set.WRITTEN_COUNTRIES.items()
        for text in texts
    ]
    measure(cases, 0.95)
    measure([(text, find_country(text), "") for text in country_set.NO_COUNTRIES], 1)


@pytest.mark.parametrize("questions", ["WRITTEN_LABELS", "WRITTEN_SENTENCES"])
def test_questions_of_forms_that_are_not_mapped(questions):
    cases = []
    for key, texts in getattr(question_set_more, questions).items():
        found = [(text, read(text, ANSWERS.get(key, "x"))) for text in texts.split("|")]
        # "Nombre" is a name, and the first one only where the last name is asked for, too.
        same = ("name", "first_name") if key == "first_name" else (key,)
        cases += [(text, key if name in same else name, key) for text, name in found]
    measure(cases, 0.9)


def test_questions_that_ask_for_another_thing():
    measure([(q, read(q, text), "") for q, text in question_set_more.OTHER_QUESTIONS], 1)


def read_relays():
    return [json.loads(line) for line in RELAYS.read_text(encoding="utf-8").splitlines()]


def test_bodies_of_relays():
    bodies = read_relays()
    assert len(bodies) >= 5 * LEAST
    right = 0
    for case in bodies:
        items = payload.split_body(json.dumps(case["body"]).encode())
        leads = [item for item in items if item.kind == "lead"]
        # What no alias knows is no lead, or one whose answers are all there.
        if not case["right"]:
            people = [lead.parse_lead(item.raw) for item in leads]
            assert not any(each.email for each in people), case["name"]
            continue
        assert len(leads) == case["right"], case["name"]
        first = lead.parse_lead(leads[0].raw)
        assert (first.person, first.email) == ("Ana Pérez", ANA), case["name"]
        assert first.is_test == case["test"], case["name"]
        assert case["uid"] in (None, leads[0].lead_uid), case["name"]
        right += 1
    assert right >= 0.8 * len(bodies)


@pytest.mark.parametrize("key", ["user", "owner", "referrer", "agent"])
def test_another_person_in_a_body_is_not_the_lead(key):
    other = {"name": "Eva", "email": "eva@example.com", "phone": "+56933334444"}
    body = {"lead_id": "7600000000000000123", "full_name": "Ana Pérez", "email": ANA, key: other}
    (item,) = payload.split_body(json.dumps(body).encode())
    found = lead.parse_lead(item.raw)
    assert (found.person, found.email, found.answer("phone_number")) == ("Ana Pérez", ANA, "")
    assert "eva@example.com" in str(found.answers)
