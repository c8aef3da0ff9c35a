import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktok.email_address import find_email

ANA = "ana@example.com"


@pytest.mark.parametrize(
    "text",
    [
        *("ana@example.com", " ana@example.com\n", "ana@example.com.", "ana@example.com,"),
        *("\u200bana@example.com", "ana\u00ad@example.com", "\ufeffana@example.com\u202c"),
        *(
            "ana＠example.com",
            "ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
            "ana@example。com",
            "ana﹫example.com",
        ),
        *(
            "mailto:ana@example.com",
            "mailto:ana@example.com?subject=Hello",
            "MAILTO: ana@example.com",
        ),
        *("<ana@example.com>", "Ana <ana@example.com>", '"Ana P." <ana@example.com>'),
        *('"ana@example.com"', "“ana@example.com”", "'ana@example.com'", "«ana@example.com»"),
        *("(ana@example.com)", "*ana@example.com*", "[ana@example.com](mailto:ana@example.com)"),
        *("ana@example.com, eva@example.com", "ana@example.com; eva@example.com"),
        *("ana@example.com / eva@example.com", "ana@example.com\neva@example.com"),
        *("ana@example.com eva@example.com", "ana@example.com، eva@example.com"),
        *("ana @ example.com", "ana@ example.com", "ana @example.com", "E-mail: ana@example.com"),
        *(
            "email ana@example.com",
            "my address is ana@example.com!",
            "ana@@example.com, ana@example.com",
        ),
        *("ana@example.com (work)", "ana@example.com😀", "📧 ana@example.com"),
    ],
)
def test_address_is_found_however_it_was_typed(text):
    assert find_email(text) == ANA


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Ana@Example.com",
            "o'brien@example.com",
            "a+b@example.co.uk",
            "_ana-1@sub.example.museum",
        ),
        *("иван@почта.рф", "ana@bücher.de", "ana@उदाहरण.भारत", "ana@xn--bcher-kva.xn--p1ai"),
        *("x@y.io", "1234567890@qq.com", "a.b.c@x.example"),
    ],
)
def test_unusual_address_stays_as_it_is(text):
    assert find_email(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "no",
            "@",
            "@@",
            "ana",
            "ana@",
            "@example.com",
            "@ana",
            "ana@example",
            "ana@@example.com",
        ),
        *("ana@example..com", "ana@.example.com", "ana..p@example.com", ".ana@example.com"),
        *("ana.@example.com", "ana@-example.com", "ana@example.c", "ana@1.2.3.4", "ana@[1.2.3.4]"),
        *("ana@example,com", "ana example.com", "ana@exam ple.com", "ana(at)example.com"),
        *(
            "ana maria@example.com",
            "ana@example.co m",
            "find me @ example.com",
        ),  # a part is missing
        *("ana@ex\u0430mple.com", "\u0430na@example.com"),  # with a Cyrillic а
        *(f"{'https'}://ana:secret@example.com", f"{'x' * 65}@example.com"),
        f"ana@{'x' * 64}.com",
        f"ana@{'x.' * 130}com",
    ],
)
def test_what_cannot_be_an_address_is_none(text):
    assert find_email(text) == ""


@given(st.text())
def test_what_is_found_in_any_text_is_found_again(text):
    found = find_email(text)
    assert find_email(found) == found


@given(st.from_regex(r"[a-z][a-z0-9]{0,9}@[a-z]{1,9}\.[a-z]{2,6}", fullmatch=True))
def test_plain_address_is_found(address):
    assert find_email(address) == find_email(f"<{address}>.") == address
