"""How much of what forms ask is recognized, and that nothing is recognized wrongly."""

import pytest
from question_set import ANSWERS, LABELS, MORE_SENTENCES, SENTENCES
from tiktok.contact_suggestion import suggest_contact_questions
from tiktok.lead import Answer
from tiktok.standard import find_standard_key

LEAST = 0.8
# Questions that ask for none of the fields, whatever they look like, with an answer to each.
OTHERS = [
    ("What is your budget?", "15000000"),
    ("What is your customer number?", "12345678"),
    ("CPF", "12345678901"),
    ("What is your passport number?", "123456789"),
    ("Emergency contact's phone number", "+34600111444"),
    ("Your friend's e-mail", "friend@example.com"),
    ("Who referred you? Leave their number", "+34600111444"),
    ("Which country do you want to study in?", "Canada"),
    ("Preferred city", "Berlin"),
    ("Which city are you interested in?", "Dubai"),
    ("What is the name of your pet?", "Rex"),
    ("When did you last call us?", "12/05/2026"),
    ("What time can we call you?", "2026-11-20"),
    ("What is your business?", "Bakery"),
    ("How many phones do you need?", "15"),
    ("Номер договора", "123456789"),
    ("Телефон друга", "+79161234567"),
    ("رقم الهوية", "1234567890"),
    ("هاتف الطوارئ", "+966512345678"),
    ("Número de cuenta", "12345678901"),
    ("¿De qué marca es tu teléfono?", "12345678 Samsung"),
    ("身份证号码", "110101199003070000"),
    ("朋友的电话", "13800138000"),
    ("Which phone model do you have?", "iPhone 15"),
    ("T.C. kimlik numaranız", "12345678901"),
    ("Nomor KTP", "3201234567890001"),
    ("Numero del codice fiscale", "123456789"),
    ("Notfallkontakt Telefon", "+4915112345678"),
    ("How much do you spend a month?", "5000000"),
    ("Your email provider?", "Gmail"),
]


def read(question, text):
    """Return the field that an answer of a lead fills; the lead has nothing else."""
    answer = Answer(question, (text,), find_standard_key(question))
    if answer.key:
        return answer.key
    found = suggest_contact_questions([answer], {question})
    return next((key for key, asked in found.items() if asked == question), "")


def pairs(questions):
    """Return each question with the field it asks for."""
    return [(question, key) for key, some in questions.items() for question in some.split("|")]


def pairs_of_languages(questions):
    return [pair for some in questions.values() for pair in pairs(some)]


def measure(questions):
    found = [(question, key, read(question, ANSWERS.get(key, "x"))) for question, key in questions]
    wrong = [row for row in found if row[2] not in (row[1], "")]
    unknown = [row for row in found if not row[2]]
    assert not wrong
    return 1 - len(unknown) / len(found), unknown


def test_labels_of_twelve_more_languages_are_recognized():
    questions = pairs_of_languages(LABELS)
    right, unknown = measure(questions)
    print(f"labels: {right:.0%} of {len(questions)}, unknown: {unknown}")  # noqa: T201
    assert len(questions) >= 100
    assert right >= LEAST, unknown


def test_sentences_of_all_languages_are_recognized():
    questions = [*pairs_of_languages(SENTENCES), *pairs(MORE_SENTENCES)]
    right, unknown = measure(questions)
    print(f"sentences: {right:.0%} of {len(questions)}, unknown: {unknown}")  # noqa: T201
    assert len(questions) >= 100
    assert right >= LEAST, unknown


@pytest.mark.parametrize(("question", "text"), OTHERS)
def test_other_questions_fill_no_field(question, text):
    assert read(question, text) == ""
