"""An answer is the day that people of its country mean, or no day at all."""

import datetime

import pytest
from babel.core import Locale, UnknownLocaleError, get_global
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktok import dates
from tiktok.date_style import MONTH_FIRST, get_date_style
from tiktok.reading_aliases import MONTHS
from tiktok.standard import normalize_text

DAY = datetime.date(2026, 11, 21)
DECEMBER = datetime.date(2026, 12, 5)
MAY = datetime.date(2026, 5, 12)
DAY_FIRST = (
    *("AE", "BR", "CL", "DE", "EG", "ES", "FR", "GB"),
    *("ID", "IN", "KZ", "RU", "SA", "TH", "TR", "VN"),
)  # fmt: skip


def read(text, country=""):
    """Return the day, "ambiguous", or None."""
    try:
        return dates.parse_date(text, country)
    except dates.AmbiguousDateError:
        return "ambiguous"


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-21", "2026/11/21", "21.11.2026", "21/11/2026", "11/21/2026", "21-11-2026"),
        *("21 Nov 2026", "Nov 21, 2026", "21st of November 2026", "21 ноября 2026 г."),
        *("٢١ نوفمبر ٢٠٢٦", "21 พฤศจิกายน 2569", "21 tháng 11 2026", "20261121"),
        *("ngày 21 tháng 11 năm 2026", "21 de noviembre de 2026", "21 novembre 2026"),
        *("21. November 2026", "21 de novembro de 2026", "21 Kasım 2026", "21 November 2026"),
        *("2026-11-21 10:20:35(UTC+00:00)", "2026-11-21T10:20:35Z", "21/11/2026 2:30 pm"),
        *("21.11.2026 14.30", "21 қараша 2026", "2026年11月21日", "2026년 11월 21일"),
        *("Saturday, 21 November 2026", "суббота, 21 ноября 2026", "21/11/2026 at 10:30"),
        *("21 . 11 . 2026", "2026. 11. 21.", "tháng 11, ngày 21, 2026", "21 11 2026"),
    ],
)  # fmt: skip
def test_unambiguous_date_needs_no_country(text):
    assert read(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("٢١/١١/٢٠٢٦", "٢٠٢٦-١١-٢١", "\u200f٢١\u200f/١١\u200f/٢٠٢٦", "۲۱/۱۱/۲۰۲۶", "२१/११/२०२६"),
        *(
            "２１／１１／２０２６",
            "２０２６－１１－２１",
            "๒๑/๑๑/๒๕๖๙",
            "๒๑ พฤศจิกายน พ.ศ. ๒๕๖๙",
            "২১/১১/২০২৬",
        ),
        *("วันที่ 21 เดือน 11 ปี 2569", "21 พฤศจิกายน ค.ศ. 2026", "٢١؍١١؍٢٠٢٦"),
    ],
)
def test_digits_of_any_script_are_parsed(text):
    assert read(text) == DAY


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        *((code, DECEMBER) for code in DAY_FIRST),
        *((code, MAY) for code in ("US", "PH", "PR")),
        *((code, "ambiguous") for code in ["", "ZZ", "CA", "CN", "JP", "SE", "ER", "??"]),
    ],
)  # fmt: skip
def test_country_decides_whether_month_comes_first(country, expected):
    for text in ("5/12/2026", "05-12-2026", "٥/١٢/٢٠٢٦", "5 12 2026", "5/12/2026 14:30"):
        assert read(text, country) == expected


def test_dots_put_day_first_unless_country_puts_month_first():
    for country in ("", "DE", "SE", "RU"):
        assert read("5.12.2026", country) == DECEMBER
    assert read("5.12.2026", "US") == "ambiguous"
    assert read("21.11.2026", "US") == DAY


def test_two_digit_year_is_parsed_only_if_unambiguous():
    assert read("21.11.26", "DE") == DAY
    assert read("11/21/26", "US") == DAY
    assert read("21 Nov 26", "GB") == DAY
    assert read("5/12/75", "ES") == datetime.date(1975, 12, 5)
    assert read("5/12/55", "ES") is None
    for country in ("", "SE", "TH", "SA", "IR", "JP", "TW"):
        assert read("21/11/26", country) == "ambiguous"
        assert read("21 Nov 26", country) is None


@pytest.mark.parametrize(
    "text", ["21/11/2569", "2569-11-21", "21-11-2569", "25691121", "21 Nov 2569"]
)
def test_buddhist_year_is_parsed_for_thailand(text):
    assert read(text, "TH") == DAY
    assert read(text, "ES") is None


def test_leap_day_follows_gregorian_year():
    leap = datetime.date(2024, 2, 29)
    assert read("29/2/2567", "TH") == read("2567-02-29", "TH") == leap
    assert read("2568-02-29", "TH") is None
    assert read("29/2/2026", "ES") is None


@pytest.mark.parametrize(
    ("text", "country"),
    [
        *(("۱۴۰۵/۰۸/۳۰", code) for code in ("IR", "AF", "")),
        *(("1405-08-30", code) for code in ("IR", "ES", "")),
        *((text, "SA") for text in ("١٤٤٨/٠٦/١١", "11/06/1448", "1448-06-11", "١١ رمضان ١٤٤٧")),
        *((text, "TW") for text in ("115/11/21", "民國115年11月21日")),
        *((text, "JP") for text in ("令和8年11月21日",)),
        *((text, "ET") for text in ("12/3/2019", "2019-03-12")),
        *((text, "NP") for text in ("2083/08/05", "२०८३-०८-०५")),
        *((text, "TH") for text in ("21/11/2300", "21/11/1405")),
    ],
)
def test_date_of_other_calendar_is_none(text, country):
    assert read(text, country) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow", "2026", "21 August", "32/13/2026", "31/02/2026", "99/99/9999"),
        *("Wednesday / 12:00 - 13:00", "21/11/2026 25:00", "21/11/2026 13:00 pm"),
        *("2 weeks, 3 days", "21 foo 11 2026", "1.2.3.4", "1/2/3", "5/12/202", "005/12/2026"),
        *("5-12 May", "May 5-12", "between 5 and 12 May", "5 May 12pm", "May 5, 12"),
        *("after 21 November 2026", "not 21/11/2026", "до 21 ноября 2026", "sau 21/11/2026"),
        *("5-12 May 2026", "5/12-2026", "2-3/2026", "21/11/2026 10:00 - 11:00", "1795219200"),
        *("10101010", "2026-W47-6", "2026-11-21-05", "tháng 5 ngày 20-21 2026", "5²/12/2026"),
        *("21 November 2026 or 22 November 2026", "November 2026"),
    ],
)
def test_text_without_date_is_none(text):
    for country in ("", "ES", "US", "SE"):
        assert read(text, country) is None


def test_labelled_date_parts_are_parsed():
    for country in ("US", "VN", ""):
        assert read("ngày 5 tháng 12 năm 2026", country) == DECEMBER
        assert read("tháng 12 ngày 5 năm 2026", country) == DECEMBER
        assert read("2026年12月5日", country) == DECEMBER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21 14:30", (14, 30)),
        ("21/11/2026 2:30 PM", (14, 30)),
        ("21/11/2026 12:05 a.m.", (0, 5)),
        ("21.11.2026 14.30", (14, 30)),
        ("๒๑/๑๑/๒๕๖๙ ๑๔:๓๐", (14, 30)),
        ("21.11.2026", (0, 0)),
    ],
)
def test_time_of_day_is_parsed(text, expected):
    found = dates.parse_moment(text)
    assert (found.hour, found.minute) == expected


def test_utc_offset_of_export_is_applied():
    found = dates.parse_moment("2026-11-21 10:20:35(UTC+03:00)")
    assert found.utcoffset() == datetime.timedelta(hours=3)
    assert dates.parse_moment("2026-11-21T10:20:35Z").utcoffset() == datetime.timedelta()


def test_no_countrys_date_format_is_parsed_as_other_date():
    """As CLDR writes days in each official language of each country: the right one or none."""
    right = 0
    for country, languages in get_global("territory_languages").items():
        for language, facts in languages.items():
            if facts["official_status"] not in ("official", "de_facto_official"):
                continue
            try:
                locale = Locale.parse(f"{language}_{country}")
            except (UnknownLocaleError, ValueError):
                continue
            for width in ("short", "medium", "long", "full"):
                found = read(format_date(DECEMBER, width, locale), country)
                assert found in (DECEMBER, None, "ambiguous"), (country, language, width, found)
                right += found == DECEMBER
    assert right > 900


def test_only_known_countries_put_month_first():
    countries = get_global("territory_languages")
    first = {code for code in countries if get_date_style(code).order == MONTH_FIRST}
    assert first == {"AS", "GU", "MH", "MP", "PA", "PH", "PR", "UM", "US", "VI"}


def test_no_month_name_has_two_numbers():
    months = {}
    for names in MONTHS:
        for number, words in enumerate(names.split(), 1):
            for word in words.split("|"):
                assert months.setdefault(normalize_text(word), number) == number, word


@settings(derandomize=True, database=None, deadline=None)
@given(
    st.text() | st.text("0123456789.,-/:' ٥²๒年月日May", max_size=20),
    st.sampled_from(["", "US", "TH"]),
)
def test_only_ambiguous_dates_raise(text, country):
    found = read(text, country)
    assert found in (None, "ambiguous") or isinstance(found, datetime.date)
