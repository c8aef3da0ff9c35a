"""Test leads are known by what is written in them, and no customer is one."""

import json

import pytest
from tiktok import lead


def parse(*pairs, **values):
    changes = [{"field": field, "value": value} for field, value in pairs]
    return lead.parse_lead(json.dumps({"id": 1, "changes": changes, **values}))


@pytest.mark.parametrize("flag", [True, 1, "1", "true", "True", "TRUE", "yes", "y"])
def test_flag_of_an_entry_says_it(flag):
    assert parse(("name", "Ana"), is_test=flag).is_test


@pytest.mark.parametrize("flag", [False, 0, "0", "false", "no", "", None, [], {}, "maybe", 2])
def test_flag_that_says_no_is_no_test(flag):
    assert not parse(("name", "Ana"), is_test=flag).is_test


@pytest.mark.parametrize(
    "pair",
    [
        ("is_test", "true"),
        ("is_test", True),
        ("Is test", "yes"),
        ("isTest", "1"),
        ("full_name", "<test lead: dummy data for full_name>"),
        ("email", "test lead: dummy data for email"),
        ("What is your budget?", "<Test Lead: Dummy Data for budget>"),
        ("rooms", ["<test lead: dummy data for rooms>"]),
        ("email", "test@tiktok.com"),
        ("email", "Test@TikTok.com"),
        ("email", "test.lead@tiktok.com"),
        ("email", "test+1@bytedance.com"),
        ("email", "test@meta.com"),
        ("email", "test@fb.com"),
        ("E-mail", " test@fb.com "),
    ],
)
def test_answer_says_it(pair):
    assert parse(("name", "Ana"), pair).is_test


@pytest.mark.parametrize(
    "pair",
    [
        ("name", "Test"),
        ("name", "Test Test"),
        ("email", "test@example.com"),
        ("email", "attest@tiktok.com"),
        ("email", "testimony@tiktok.example"),
        ("email", "ana@tiktok.com"),
        ("company", "TikTok"),
        ("is_test", "no"),
        ("is_test", "IELTS"),
        ("test", "true"),
        ("Is this a test drive?", "yes"),
        ("Do you want a test lesson?", "yes"),
        ("notes", "dummy data"),
        ("notes", "test lead"),
        ("Which test did you take?", "1"),
    ],
)
def test_answer_of_a_customer_is_no_test(pair):
    assert not parse(("name", "Ana"), pair).is_test
