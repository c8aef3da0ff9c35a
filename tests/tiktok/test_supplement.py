"""The same lead by webhook and by export: what the second adds."""

import json

import pytest
from tiktok import lead
from tiktok.supplement import find_supplement, matches_authenticated


def made(*pairs, **values):
    changes = [{"field": field, "value": value} for field, value in pairs]
    return lead.parse_lead(json.dumps({"id": 7, "changes": changes, **values}))


ANA = ("name", "Ana Pérez")


def added(known, fresh):
    found = find_supplement(known, fresh)
    return found and [(answer.question, answer.text) for answer in found.answers]


def test_the_same_is_no_supplement():
    assert (
        find_supplement(made(ANA, ad_name="A"), made(("Full name", "ana  pérez"), ad_name="B"))
        is None
    )


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
def test_the_same_in_other_words_is_no_supplement(known, fresh):
    assert find_supplement(made(*known), made(*fresh)) is None


def test_answers_that_were_missing_are_a_supplement():
    assert added(made(ANA), made(ANA, ("Email", "a@b.c"), ("Colour", "red"))) == [
        ("Email", "a@b.c"),
        ("Colour", "red"),
    ]


def test_what_kind_of_question_it_was_is_a_supplement():
    found = added(made(("Zahl zum Anrufen", "+569")), made(("phone_number", "+569")))
    assert found == [("phone_number", "+569")]


def test_only_what_was_missing_of_the_ad_is_a_supplement():
    known = made(ANA, campaign_id=1, campaign_name="")
    found = find_supplement(
        known, made(ANA, campaign_id=2, campaign_name="Spring", ad_id=3, create_time=9)
    )
    assert (found.campaign.uid, found.campaign.name, found.ad.uid) == ("", "Spring", "3")
    assert (found.submitted, found.answers) == (9, ())


PHONE = ("phone_number", "+569")


@pytest.mark.parametrize(
    ("claimed", "authenticated", "same"),
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
def test_an_unverified_delivery_must_say_what_tiktok_says(claimed, authenticated, same):
    assert matches_authenticated(claimed, authenticated) is same
