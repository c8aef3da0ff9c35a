import json

import pytest
from tiktok import lead

ENTRY = {
    "id": 7600000000000000123,
    "lead_source": "INSTANT_FORM",
    "page_id": 7600000000000000456,
    "page_name": "Spring quote form",
    "advertiser_id": 7163948356417550001,
    "advertiser_name": "ACME Ads",
    "library_id": 0,
    "campaign_id": 1809876543200000,
    "campaign_name": "Spring",
    "adgroup_id": "1809876543210000",
    "adgroup_name": "Lookalike",
    "ad_id": 1809876543210987,
    "ad_name": "Video 1",
    "create_time": 1789901990,
}


def parse(*pairs, **values):
    changes = [{"field": field, "value": value} for field, value in pairs]
    return lead.parse_lead(json.dumps({**ENTRY, "changes": changes, **values}))


def test_everything_around_the_answers_is_read():
    found = parse()
    assert (found.uid, found.source) == ("7600000000000000123", "INSTANT_FORM")
    assert (found.page.uid, found.page.name) == ("7600000000000000456", "Spring quote form")
    assert (found.advertiser.uid, found.library.uid) == ("7163948356417550001", "")
    assert (found.campaign.uid, found.campaign.name) == ("1809876543200000", "Spring")
    assert (found.adgroup.uid, found.adgroup.name) == ("1809876543210000", "Lookalike")
    assert (found.ad.uid, found.ad.name) == ("1809876543210987", "Video 1")
    assert found.submitted == 1789901990


@pytest.mark.parametrize(
    "pairs",
    [
        [("name", "Ana Pérez")],
        [("first_name", "Ana"), ("last_name", "Pérez")],
        [("last_name", "Pérez"), ("email", "a@b.c"), ("first_name", "Ana")],
        [("Last name", "Pérez"), ("FIRST NAME", "Ana")],
        [("first_name", "Ana"), ("full_name", "Ana Pérez")],
        [("first_name", "ANA"), ("last_name", "Perez"), ("full_name", "Ana Pérez")],
        [("Nom", "Pérez"), ("Prénom", "Ana")],
        [("Nombre", "Ana"), ("Apellidos", "Pérez")],
    ],
)
def test_the_name_is_put_together_in_any_order(pairs):
    assert parse(*pairs).person == "Ana Pérez"


@pytest.mark.parametrize(
    ("pairs", "title"),
    [
        ([("first_name", "Ana")], "Ana"),
        ([("last_name", "Pérez")], "Pérez"),
        ([("name", ""), ("email", "a@b.c"), ("phone", "1")], "a@b.c"),
        ([("phone", "1")], "1"),
        ([("budget", "2")], ""),
        ([], ""),
    ],
)
def test_without_a_name_the_e_mail_or_the_phone_is_the_title(pairs, title):
    assert parse(*pairs).title == title


def test_several_values_of_one_question_are_one_answer():
    found = parse(("Colour", "red"), ("Size", "L"), ("Colour", ["blue", "red", ""]))
    assert [(answer.question, answer.text) for answer in found.answers] == [
        ("Colour", "red, blue"),
        ("Size", "L"),
    ]


def test_an_empty_answer_gives_way_to_a_later_one_for_the_same_field():
    assert parse(("phone", ""), ("mobile", "5")).answer("phone_number") == "5"


@pytest.mark.parametrize("changes", [None, "x", 3, {}, [None, 1, "x", []], [{}], [{"field": ""}]])
def test_what_is_no_answer_is_left_out(changes):
    assert parse(changes=changes).answers == ()


@pytest.mark.parametrize(
    "values",
    [
        {"campaign_id": 0, "campaign_name": "", "adgroup_name": "", "ad_name": ""},
        {"campaign_id": "0", "campaign_name": None, "adgroup_name": None, "ad_name": None},
        {"campaign_id": 0, "campaign_name": "test lead: dummy data for campaign_name"},
        {"ad_name": "Test Lead: Dummy Data for ad_name"},
        {"adgroup_name": "test lead: dummy data for adgroup"},
    ],
)
def test_a_form_preview_is_known_as_a_test(values):
    assert parse(("name", "Ana"), **values).is_test


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"campaign_id": 0},
        {"campaign_id": None, "campaign_name": "", "adgroup_name": "", "ad_name": ""},
        {"campaign_name": "Our test leads"},
        {"page_name": "test lead: dummy data"},
        {
            "campaign_id": 0,
            "campaign_name": "",
            "adgroup_name": "",
            "ad_name": "",
            "lead_source": "DIRECT_MESSAGE",
        },
    ],
)
def test_a_real_lead_is_no_test(values):
    assert not parse(("name", "Test"), **values).is_test


@pytest.mark.parametrize("raw", ["", "x", "{"])
def test_what_is_no_json_is_said_so(raw):
    with pytest.raises(ValueError, match="Expecting"):
        lead.parse_lead(raw)
