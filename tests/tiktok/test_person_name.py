import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktok.person_name import clean_name, join_names


@pytest.mark.parametrize(
    ("name", "first", "last", "whole"),
    [
        ("", "Ana", "Pérez", "Ana Pérez"),
        ("Ana Pérez", "", "", "Ana Pérez"),
        ("", "", "", ""),
        # a part holds the other one
        ("", "Ana Pérez", "Pérez", "Ana Pérez"),
        ("", "Ana Pérez", "PEREZ", "Ana Pérez"),
        ("", "Ana", "Ana Pérez", "Ana Pérez"),
        ("", "Ana Pérez", "Ana Pérez", "Ana Pérez"),
        ("", "سارة أحمد", "أحمد", "سارة أحمد"),
        ("", "Анна Иванова", "Иванова", "Анна Иванова"),
        ("", "王小明", "王", "王小明"),
        # only whole words
        ("", "Ana", "Pérez Pérez", "Ana Pérez Pérez"),
        ("", "Li", "Lina", "Li Lina"),
        ("", "Anabel", "Ana", "Anabel Ana"),
        # the name beside its parts
        ("Ana Pérez", "Ana", "Pérez", "Ana Pérez"),
        ("Ana María Pérez", "Ana", "Pérez", "Ana María Pérez"),
        ("Pérez, Ana", "Ana", "Pérez", "Ana Pérez"),
        ("Pérez", "Ana", "", "Ana Pérez"),
        ("Ana", "", "Pérez", "Ana Pérez"),
        ("Ana Pérez", "Ana", "", "Ana Pérez"),
        ("Ana", "Ana María", "", "Ana María"),
        # a nickname
        ("anita_99", "Ana", "Pérez", "Ana Pérez"),
        ("Ani", "Ana", "Pérez", "Ana Pérez"),
        ("Ana P.", "Ana", "Pérez", "Ana Pérez"),
        ("@ana", "Ana", "", "Ana"),
        ("user7361", "", "Pérez", "Pérez"),
        ("anita_99", "", "", "anita_99"),
        # what a required field got
        ("", "Ana", "-", "Ana"),
        ("", "Ana", ".", "Ana"),
        ("Ana", "-", "-", "Ana"),
        ("", "-", "", "-"),
        # line breaks and quotes
        ("Ana\r\nPérez", "", "", "Ana Pérez"),
        ("", "Ana\n", "\tPérez", "Ana Pérez"),
        (r"Ana\nPérez", "", "", "Ana Pérez"),
        ("Ana<br/>Pérez", "", "", "Ana Pérez"),
        ('"Ana Pérez"', "", "", "Ana Pérez"),
        ("«Анна»", "", "", "Анна"),
        ("Ana “Anita” Pérez", "", "", "Ana “Anita” Pérez"),
        ("J. R. O'Brien", "", "", "J. R. O'Brien"),
    ],
)
def test_name_is_put_together_once(name, first, last, whole):
    assert join_names(name, first, last) == whole


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_name_is_one_line_of_what_was_answered(name, first, last):
    found = join_names(name, first, last)
    assert found == " ".join(found.split())
    assert bool(found) == any(map(clean_name, (name, first, last)))
