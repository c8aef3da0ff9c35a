"""The same lead by webhook and by export: what the second adds."""

import json

import pytest
from tiktok import lead
from tiktok.news import agrees, news


def made(*pairs, **values):
    changes = [{"field": field, "value": value} for field, value in pairs]
    return lead.read(json.dumps({"id": 7, "changes": changes, **values}))


ANA = ("name", "Ana Pérez")


def added(known, fresh):
    found = news(known, fresh)
    return found and [(answer.question, answer.text) for answer in found.answers]


def test_the_same_is_no_news():
    assert news(made(ANA, ad_name="A"), made(("Full name", "ana  pérez"), ad_name="B")) is None


@pytest.mark.parametrize(
    ("known", "fresh"),
    [
        ([("first_name", "Ana"), ("last_name", "Pérez")], [ANA]),
        ([ANA], [("First name", "Ana"), ("Last name", "Pérez")]),
        ([("phone_number", "+569")], [("Numéro de mobile", "+569")]),
        ([("Budget: which?", "2")], [("budget  which?", "2")]),
        ([("What is your budget?", "2")], [("WHAT IS YOUR BUDGET?", "two")]),
        ([ANA], [("email", "")]),
    ],
)
def test_the_same_in_other_words_is_no_news(known, fresh):
    assert news(made(*known), made(*fresh)) is None


def test_answers_that_were_missing_are_news():
    assert added(made(ANA), made(ANA, ("Email", "a@b.c"), ("Colour", "red"))) == [
        ("Email", "a@b.c"),
        ("Colour", "red"),
    ]


def test_what_kind_of_question_it_was_is_news():
    found = added(made(("Zahl zum Anrufen", "+569")), made(("phone_number", "+569")))
    assert found == [("phone_number", "+569")]


def test_only_what_was_missing_of_the_ad_is_news():
    known = made(ANA, campaign_id=1, campaign_name="")
    found = news(known, made(ANA, campaign_id=2, campaign_name="Spring", ad_id=3, create_time=9))
    assert (found.campaign_uid, found.campaign_name, found.ad_uid) == ("", "Spring", "3")
    assert (found.submitted, found.answers) == (9, [])


PHONE = ("phone_number", "+569")


@pytest.mark.parametrize(
    ("claimed", "proven", "same"),
    [
        (made(ANA, PHONE), made(("Name", "Ana Pérez"), PHONE), True),
        (made(("first_name", "Ana"), ("last_name", "Pérez"), PHONE), made(ANA, PHONE), True),
        (made(ANA, PHONE, ("I agree", "Yes")), made(ANA, PHONE), True),
        (made(ANA, PHONE, campaign_id=1), made(ANA, PHONE, campaign_id=1), True),
        (made(ANA, PHONE, campaign_id=1), made(ANA, PHONE, campaign_id=2), False),
        (made(ANA, ("phone_number", "+1")), made(ANA, PHONE), False),
        (made(ANA, PHONE, ("email", "evil@example.com")), made(ANA, PHONE), False),
        (made(("name", "Eve"), PHONE), made(ANA, PHONE), False),
        (made(ANA), made(ANA, PHONE), False),
    ],
)
def test_what_came_without_proof_must_say_what_tiktok_says(claimed, proven, same):
    assert agrees(claimed, proven) is same
