"""Texts of posts fit, whatever they are written in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktok import text

FAMILY = "👨\u200d👩\u200d👧\u200d👦"  # 11 units, one letter
ARABIC = "عَاجِلٌ: السُّوقُ يَرْتَفِعُ اليَوْمَ"
KAZAKH = "Қазақстан жаңалықтары бүгін шықты"
# What trips up a cut: joined emoji, flags, skin tones, marks, Hangul, Indic, signs before letters.
TRICKY = [
    FAMILY,
    "🇰🇿",
    "🇸🇦🇰🇿",
    "👍🏽",
    "e\u0301",
    "ң",
    "и\u0306",
    "عَ",
    "क्षि",
    "각",
    "ᄒ",
    "ᅡ",
    "ᆫ",
    "\u06001",
]
WRITTEN = st.lists(
    st.one_of(
        st.sampled_from([*TRICKY, " ", " ", "\n", "#", "#жаңалық", ARABIC, KAZAKH, "word", "…"]),
        st.text(max_size=4),
    ),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("", 0), ("Ana", 3), ("😀", 2), (FAMILY, 11), ("Қаз", 3), ("e\u0301", 2)],
)
def test_tiktok_counts_utf16_units(written, expected):
    assert text.count_units(written) == expected


@pytest.mark.parametrize(
    "letter",
    [
        FAMILY,
        "🇰🇿",
        "👍🏽",
        "e\u0301\u0323",
        "عَ",
        "क्षि",
        "각",
        "한",
        "1\ufe0f\u20e3",
        "กำ",
        "\u06001",
    ],
)
def test_visible_letters_are_not_divided(letter):
    assert text.split_clusters(f"x{letter}") == ["x", letter]


def test_two_flags_are_two_letters():
    assert text.split_clusters("🇰🇿🇸🇦") == ["🇰🇿", "🇸🇦"]


@given(WRITTEN)
def test_letters_are_the_whole_text(written):
    assert "".join(text.split_clusters(written)) == written


@given(WRITTEN, st.integers(min_value=0, max_value=120))
def test_a_cut_text_fits_and_divides_no_letter(written, most):
    shortened = text.cut_text(written, most)
    assert text.count_units(shortened) <= most
    if shortened and shortened != written.strip():
        kept = text.split_clusters(shortened.removesuffix("…"))
        assert kept == text.split_clusters(written.strip())[: len(kept)]


@given(WRITTEN, st.integers(min_value=0, max_value=120))
def test_text_that_fits_is_unchanged(written, spare):
    assert text.cut_text(written, text.count_units(written) + spare) == written.strip()


@given(
    st.lists(
        st.sampled_from(["сөз", "كَلِمَة", FAMILY, "#қазақстан", "👍🏽👍🏽", "word"]),
        min_size=2,
        max_size=30,
    )
)
def test_words_stay_whole(words):
    written = " ".join(words)
    for most in range(12, text.count_units(written)):
        shortened = text.cut_text(written, most).removesuffix("…")
        assert shortened.split() == words[: len(shortened.split())]


@pytest.mark.parametrize(
    ("written", "most", "expected"),
    [
        ("Hello big world, you", 17, "Hello big world…"),
        ("Hello big world, you", 15, "Hello big…"),
        ("Сәлем, әлем", 8, "Сәлем…"),
        ("a" * 50, 10, "a" * 9 + "…"),
        ("新闻" * 100 + " 完", 10, "新闻新闻新闻新闻新…"),
        ("#" + "a" * 50, 10, ""),
        ("see https://example.com/a-long-address", 20, "see…"),
        (FAMILY * 3, 12, FAMILY + "…"),
        (FAMILY * 3, 11, ""),
        ("x", 0, ""),
    ],
)
def test_a_text_is_cut_at_the_end_of_a_word(written, most, expected):
    assert text.cut_text(written, most) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Қазақстан жаңалықтары", "#ҚазақстанЖаңалықтары"),
        ("أخبار عاجلة", "#أخبارعاجلة"),
        ("اَلأَخْبَار", "#اَلأَخْبَار"),
        ("می\u200cخواهم", "#میخواهم"),
        ("#BreakingNews", "#BreakingNews"),
        ("breaking", "#breaking"),
        ("L’été à Paris", "#LétéÀParis"),
        ("snake_case 2026", "#Snake_case2026"),
        ("Health & Beauty 💄", "#HealthBeauty"),
        ("日本 ニュース", "#日本ニュース"),
        ("2026", ""),
        ("💄", ""),
        ("", ""),
        (None, ""),
        ("x" * 200, ""),
    ],
)
def test_a_hashtag_is_made_of_any_text(written, expected):
    assert text.make_hashtag(written) == expected


@given(st.text(max_size=60))
def test_a_hashtag_is_one_word_and_stays_what_it_is(written):
    made = text.make_hashtag(written)
    assert text.make_hashtag(made) == made
    assert not any(char.isspace() for char in made)
    for char in made[1:]:
        assert char == "_" or unicodedata.category(char)[0] in "LMN"


def test_hashtags_come_once_in_their_order():
    made = text.make_hashtags("Brand", "", "қазақша", "BRAND", "New York", "#brand")
    assert made == ["#Brand", "#қазақша", "#NewYork"]


def test_hashtags_of_a_list():
    assert text.split_hashtags("#oasis, sofa، кеңсе #oasis  👍") == ["#oasis", "#sofa", "#кеңсе"]


BODY = "{title}\n\n{teaser}\n\nRead: {link}\n{hashtags}"
PARTS = {"title": "New sofa", "teaser": "It is soft. " * 20, "link": "https://example.com/blog/1"}
TAGS = ["#Oasis", "#English", "#Sofas"]


def test_a_template_is_filled():
    assert text.compose_text(BODY, {**PARTS, "teaser": "Soft."}, TAGS) == (
        "New sofa\n\nSoft.\n\nRead: https://example.com/blog/1\n#Oasis #English #Sofas"
    )


def test_lines_with_empty_placeholders_are_skipped():
    assert text.compose_text(BODY, {"title": "New  sofa\n"}, []) == "New sofa"


def test_teaser_is_shortened_first():
    made = text.compose_text(BODY, PARTS, TAGS, most=120)
    assert text.count_units(made) <= 120
    assert made.endswith("https://example.com/blog/1\n#Oasis #English #Sofas")
    assert "It is soft. It is" in made


def test_hashtags_are_dropped_from_the_last():
    made = text.compose_text(BODY, PARTS, TAGS, most=60)
    assert made == "New sofa\n\nRead: https://example.com/blog/1\n#Oasis #English"


def test_braces_in_an_article_are_no_placeholders():
    assert text.compose_text("{title}", {"title": "{link} {", "link": "x"}) == "{link} {"


def test_unknown_placeholders_are_found():
    assert text.find_unknown_placeholders("{title} {tilte} {a} {") == ["tilte", "a"]


@given(WRITTEN, WRITTEN, st.lists(WRITTEN, max_size=8), st.integers(min_value=0, max_value=300))
def test_composed_text_fits_with_whole_hashtags(title, teaser, words, most):
    tags = text.make_hashtags(*words)
    parts = {"title": "T", "teaser": teaser, "link": "https://example.com/blog/1"}
    made = text.compose_text("{title}\n{teaser}\n{link}\n{hashtags}", parts, tags, most)
    assert text.count_units(made) <= most
    last = made.splitlines()[-1] if made else ""
    if last.startswith("#") and tags:
        assert last.removesuffix("…").split() == tags[: len(last.removesuffix("…").split())]
    assert text.count_units(text.compose_text(title + BODY, {"title": title}, tags, most)) <= most
