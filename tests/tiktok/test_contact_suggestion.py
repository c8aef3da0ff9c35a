"""The only answer that is a whole phone number or address is taken where nothing else is."""

import pytest
from tiktok.contact_suggestion import is_contact_answer, suggest_contact_questions
from tiktok.lead import Answer
from tiktok.standard import find_standard_key


def suggest(*pairs, candidates=None):
    answers = [
        Answer(question, text if isinstance(text, tuple) else (text,), find_standard_key(question))
        for question, text in pairs
    ]
    if candidates is None:
        candidates = {answer.question for answer in answers}
    return suggest_contact_questions(answers, candidates)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How do we get back to you?", "+34600111444"),
        ("How do we get back to you?", "+34 600 111 444"),
        ("How do we get back to you?", "+34-600-111-444"),
        ("How do we get back to you?", "0034600111444"),
        ("How do we get back to you?", "+(34) 600.111.444"),
        ("How do we get back to you?", "+٩٦٦٥١٢٣٤٥٦٧٠"),
        ("How do we get back to you?", "＋34600111444"),
        ("What number can we reach you on?", "0501234567"),
        ("What number can we reach you on?", "050 123 45 67"),
        ("На какой телефон звонить?", "8 (916) 123-45-67"),
        ("Kontakt Tel.", "0151/12345678"),
        ("Best phone for a call", "(415) 555-2671"),
        ("联系方式?", "13800138000"),
    ],
)
def test_whole_number_is_taken(question, text):
    assert is_contact_answer("phone_number", question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How do we get back to you?", "0501234567"),  # any number, as far as the question says
        ("How do we get back to you?", "call +34600111444"),
        ("How do we get back to you?", "+34600111444 or +34600111445"),
        ("How do we get back to you?", "+34"),
        ("How do we get back to you?", "+123456789012345678"),
        ("How do we get back to you?", "+0000000000"),
        ("What number can we reach you on?", "12/05/1990"),
        ("What number can we reach you on?", "12-05-2026"),
        ("What number can we reach you on?", "12345"),
        ("What number can we reach you on?", "1,500,000"),
        ("What number can we reach you on?", "after 5"),
        ("What number can we reach you on?", ""),
        ("Whats your income?", "1500000"),
        ("Tax id", "0501234567"),
    ],
)
def test_other_text_is_not_taken(question, text):
    assert not is_contact_answer("phone_number", question, text)


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("ana@example.com", True),
        (" ana.perez+tiktok@mail.example.co.uk ", True),
        ("ana@@example.com", False),
        ("ana@example", False),
        ("write to ana@example.com", False),
        ("ana@example.com, eva@example.com", False),
        ("@ana", False),
        ("x" * 200 + "@example.com", False),
    ],
)
def test_whole_address_is_taken(text, is_taken):
    assert is_contact_answer("email", "Where can we write to you?", text) is is_taken


def test_only_answer_of_its_kind_is_suggested():
    found = suggest(("Name", "Ana"), ("Reach you?", "+34600111444"), ("Write?", "a@b.co"))
    assert found == {"phone_number": "Reach you?", "email": "Write?"}


def test_two_answers_of_one_kind_are_no_suggestion():
    assert suggest(("One?", "+34600111444"), ("Two?", "+34600111445")) == {}
    assert suggest(("One?", "a@b.co"), ("Two?", "c@d.co")) == {}


def test_field_that_is_claimed_is_no_suggestion():
    assert suggest(("Phone", "+34600111444"), ("And?", "+34600111445")) == {}
    assert suggest(("Email", "no"), ("And?", "a@b.co")) == {}


def test_empty_claim_does_not_count():
    found = suggest(("Phone", ()), ("And?", "+34600111445"))
    assert found == {"phone_number": "And?"}


def test_question_that_a_user_decided_about_is_no_candidate():
    assert suggest(("And?", "+34600111445"), candidates=set()) == {}


def test_several_values_are_no_number():
    assert suggest(("And?", ("+34600111445", "+34600111446"))) == {}
