"""An answer is read as what it says, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktok import reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2000", 2000),
        ("2,000 $", 2000),
        ("$2,000", 2000),
        ("US$ 500", 500),
        ("R$ 1.500", 1500),
        ("1.500,50 €", 1500.5),
        ("1,500.50", 1500.5),
        ("1 500 ₽", 1500),
        ("1\u202f500,75", 1500.75),
        ("CHF 1'234.50", 1234.5),
        ("1’000", 1000),
        ("Rp 1.000.000", 1_000_000),
        ("1,50,000", 150_000),
        ("Rs. 500/-", 500),
        ("AED 500", 500),
        ("10 000 тг", 10_000),
        ("٥٠٠", 500),
        ("٥٠٠ ألف", 500_000),
        ("٢٬٥٠٠٫٧٥", 2500.75),
        ("۵۰۰", 500),
        ("１２３", 123),
        ("2k", 2000),
        ("2.5 K", 2500),
        ("1.5 million", 1_500_000),
        ("2 triệu", 2_000_000),
        ("3 тыс. руб.", 3000),
        ("1,500", 1500),
        ("0.500", 0.5),
        ("0,5", 0.5),
        ("3.14159", 3.14159),
        ("-5", -5),
        ("−5", -5),
        ("100.", 100),
    ],
)
def test_unambiguous_number_is_parsed(text, expected):
    assert reading.parse_number(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "abc", "about 2k", "2-4 M", "2 - 4", "1,000 - 3,000", "50 000 – 150 000 ₽", "3000+"),
        *("До 50 000 ₽", "أقل من ٥٠٠ ألف", "over 3000", "12 months", "50 m²", "50%", "5 m", "1e5"),
        *(
            "1,5000",
            "12.34.56",
            "1,2,3",
            "5 5",
            "055 555",
            "½",
            "10²",
            "①",
            "9" * 16,
            "nan",
            "inf",
            "--5",
            "2 or 3",
        ),
    ],
)
def test_ambiguous_number_is_none(text):
    assert reading.parse_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("Yes", "YES!", "true", "1", "نعم", "Да", "иә", "Sí", "si", "Oui", "Ja.", "Sim", "Evet"),
        *("Ya", "Có", "ใช่", "I agree"),
    ],
)
def test_yes_in_each_language(text):
    assert reading.parse_yes_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("No", "false", "0", "لا", "Нет", "жоқ", "Non", "nein", "Não", "Hayır", "Tidak"),
        *("Không", "ไม่", "ไม่ใช่"),
    ],
)
def test_no_in_each_language(text):
    assert reading.parse_yes_no(text) is False


@pytest.mark.parametrize("text", ["", "maybe", "yes and no", "10", "?"])
def test_answer_other_than_yes_or_no_is_none(text):
    assert reading.parse_yes_no(text) is None


def test_yes_is_never_no():
    assert not reading._YES & reading._NO


OPTIONS = [("0", "Low"), ("2", "Sehr hoch"), ("a", "Same"), ("b", "Same"), ("c", "<1"), ("d", ">1")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Low", "0"),
        (" low ", "0"),
        ("2", "2"),
        ("SEHR HOCH", "2"),
        (">1", "d"),
        ("Same", None),
        ("a", "a"),
        ("other", None),
        ("", None),
    ],
)
def test_option_is_matched_by_key_or_label(text, expected):
    assert reading.match_option(text, OPTIONS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Pérez", ("Ana", "Pérez")),
        ("Ana María Pérez", ("Ana María", "Pérez")),
        ("Pérez, Ana María", ("Ana María", "Pérez")),
        ("Ana", ("Ana", "")),
        ("Pérez,", ("Pérez", "")),
        ("", ("", "")),
    ],
)
def test_full_name_is_split_into_two_parts(text, expected):
    assert reading.split_full_name(text) == expected


@settings(derandomize=True, database=None, deadline=None)
@given(st.text() | st.text("0123456789.,-/:' kKM٥²", max_size=20))
def test_no_answer_raises(text):
    assert isinstance(reading.parse_number(text), int | float | None)
    assert reading.parse_yes_no(text) in (True, False, None)
    assert len(reading.split_full_name(text)) == 2
    assert reading.match_option(text, OPTIONS) in {None, *(key for key, _label in OPTIONS)}
