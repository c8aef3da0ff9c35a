"""Lead IDs that a spreadsheet has rounded."""

import pytest
from tiktok.rounded_ids import RoundedIdCounter, ends_in_zeros, is_number_notation


@pytest.mark.parametrize(
    "text",
    [
        *("7.5E+18", "7,5E+18", "7.5e+18", "7.5E18", "75E17", "7.50000000000000E+018"),
        *(" 7.5E+18 ", "7٫5E+18", "٧٫٥E+١٨", "+7.5E+18", "7.5 x 10^18", "7.5×10^18"),
        *("7500000000000000000.0", "7500000000000000000,00", "7500000000000000000."),
    ],
)
def test_notation_of_a_spreadsheet(text):
    assert is_number_notation(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7600000000000000123",
        "7.5",
        "1E3",
        "abc",
        "lead-1",
        "75E",
        "E17",
        "fp-12e18",
        "7.5E+18x",
    ],
)
def test_what_is_no_notation(text):
    assert not is_number_notation(text)


@pytest.mark.parametrize(
    ("uid", "expected"),
    [
        ("7600000000000000000", True),
        ("7612345678901230000", True),
        ("7612345678901234000", False),
        ("761234567890123000", True),
        ("76123456789012300", False),
        ("7600000000000000123", False),
        ("", False),
        ("x000000000000000000", False),
    ],
)
def test_ends_in_zeros(uid, expected):
    assert ends_in_zeros(uid) is expected


@pytest.mark.parametrize(
    ("rounded", "true", "expected"),
    [
        *((0, 0, False), (1, 0, True), (500, 0, True), (0, 500, False)),
        *((1, 5, False), (2, 5, False), (3, 5, True), (10, 100_000, False), (50, 900, True)),
    ],
)
def test_zeros_count_where_they_are_too_many_to_be_true(rounded, true, expected):
    counter = RoundedIdCounter()
    for uid in ["7612345678901230000"] * rounded + ["7600000000000000123"] * true + ["", "12"]:
        counter.add_id(uid)
    assert counter.has_rounded_ids is expected
