import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktok import values

ID = 7600000000000000123
DIRECTION_CONTROLS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


@pytest.mark.parametrize("value", [ID, str(ID), f" {ID}\n", f"{ID}\x00"])
def test_id_of_19_digits_keeps_all_digits(value):
    assert values.parse_uid(value) == "7600000000000000123"


@given(st.integers(min_value=1, max_value=2**63 - 1))
def test_ids_survive_exactly_as_number_and_as_text(number):
    assert values.parse_uid(number) == values.parse_uid(str(number)) == str(number)


@pytest.mark.parametrize("value", [0, "0", 0.0, -0.0, None, "", " ", True, False, [ID], {"id": ID}])
def test_none_zero_and_invalid_ids_are_empty(value):
    assert values.parse_uid(value) == ""


@pytest.mark.parametrize("value", [7.6e18, float(ID), 1.5, math.inf, -math.inf, math.nan])
def test_rounded_float_is_no_id(value):
    assert values.parse_uid(value) == ""


def test_small_whole_float_is_an_id():
    assert values.parse_uid(1234567.0) == "1234567"


def test_too_long_text_is_no_id():
    assert values.parse_uid("x" * 5000) == ""


@pytest.mark.parametrize(
    "value",
    [
        1775730035,
        "1775730035",
        1775730035.9,
        1775730035000,
        "1775730035000",
        "2026-04-09 10:20:35(UTC+00:00)",
        "2026-04-09 10:20:35",
        " 2026-04-09T10:20:35Z ",
        "2026-04-09T12:20:35+02:00",
    ],
)
def test_time_is_parsed_from_seconds_milliseconds_and_text(value):
    assert values.parse_moment(value) == 1775730035


@pytest.mark.parametrize(
    "value",
    [
        *(
            None,
            "",
            " ",
            "yesterday",
            "-",
            "--5",
            "²",
            "1.2.3",
            ".",
            "-.",
            True,
            [],
            {},
            0,
            "0",
            -5,
        ),
        *(math.inf, -math.inf, math.nan, 1e300, 10**30, "9" * 400, "2026-13-45", "(UTC)"),
    ],
)
def test_invalid_time_is_none(value):
    assert values.parse_moment(value) is None


@pytest.mark.parametrize(
    "value",
    ["0001-01-01 00:00:00", "9999-12-31 23:59:59", "2569-04-09 10:20:35", "1405-01-20 10:20:35"],
)
def test_time_out_of_range_is_none(value):
    assert values.parse_moment(value) is None


@given(st.text())
def test_parsing_time_of_any_text_never_raises(value):
    assert values.parse_moment(value) is None or values.parse_moment(value) > 0


def test_nul_and_lone_surrogates_are_removed_from_text():
    assert values.remove_unstorable("a\x00b") == "ab"
    assert values.remove_unstorable("a\ud83db") == "a?b"
    assert values.remove_unstorable("Zoë 😀") == "Zoë 😀"


@given(st.text(st.characters()))
def test_cleaned_text_can_always_be_stored(value):
    cleaned = values.remove_unstorable(value)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Ana ", ["Ana"]),
        ("", []),
        (None, []),
        (12, ["12"]),
        (1.5, ["1.5"]),
        (True, ["true"]),
        (False, ["false"]),
        (["a", " ", None, "b"], ["a", "b"]),
        ([["a"], [["b"]]], ["a", "b"]),
        ({"value": "a"}, ["a"]),
        ({"label": "A", "id": 3}, ["A"]),
        ({"value": ["a", "b"]}, ["a", "b"]),
        ({"other": "é"}, ['{"other": "\\u00e9"}']),
        ({"value": {"deep": 1}}, ['{"value": {"deep": 1}}']),
    ],
)
def test_answer_of_any_type_becomes_texts(value, expected):
    assert values.list_texts(value) == expected


def test_several_texts_become_one_line():
    assert values.join_texts(["a", "b"]) == "a, b"


@pytest.mark.parametrize("digits", ["²", "٣", "１", "1.5", "-1", " 1", "1\n", "", "9" * 5000])
def test_invalid_whole_number_is_none(digits):
    assert values.parse_whole_number(digits) is None


def test_whole_number_is_parsed():
    assert values.parse_whole_number("0120") == 120
    assert values.parse_whole_number("18446744073709551615") == 2**64 - 1


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        ("Ana\r\nBcc: all@example.com", "Ana Bcc: all@example.com"),
        ("Ana\t\x0b\x0c\x85\u2028\u2029Perez", "Ana Perez"),
        ("\x1b[31mAna\x7f", "[31mAna"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066A\u2067n\u2068a\u2069 \u200eP\u200f\u061c", "Ana P"),
        ("\ufeffAna", "Ana"),
        ("Ana\x00 \ud800", "Ana ?"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner is part of the word
        ("👩\u200d👧", "👩\u200d👧"),
        (["Ana\n", "Eva"], "Ana, Eva"),
        (None, ""),
    ],
)
def test_line_has_no_breaks_and_no_direction_marks(given_, read):
    assert values.format_line(given_) == read


@given(st.text())
def test_no_line_holds_a_control_character(found):
    shown = values.format_line(found)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs")]
    assert not [char for char in shown if unicodedata.bidirectional(char) in DIRECTION_CONTROLS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7600000000000000123", True), ("12²", False), ("٣", False), ("", False), (False, False)],
)
def test_only_ascii_digits_are_a_number(text, expected):
    assert values.is_number(text) is expected


@pytest.mark.parametrize("name", ["مريم حداد", "Ana", "+971 50 123 4567"])
def test_a_name_is_isolated_in_its_sentence(name):
    kinds = [unicodedata.bidirectional(char) for char in values.isolate(name)]
    assert (kinds[0], kinds[-1]) == ("FSI", "PDI")
    assert values.isolate(name)[1:-1] == name
    assert values.isolate("") == ""
