import collections

import phonenumbers
import pytest
from tiktok.phone import (
    NO_NUMBER,
    UNKNOWN_COUNTRY,
    Phone,
    list_equivalents,
    list_phone_countries,
    parse_phone,
    parse_phone_of_country,
)
from tiktok.phone_text import has_digits, simplify_digits

FIFTY = (
    "AE|SA|EG|KW|QA|BH|OM|JO|LB|IQ|MA|DZ|TN|LY|YE|US|CA|MX|BR|AR|CL|CO|PE|EC|GB"
    "|IE|FR|DE|ES|IT|PT|NL|BE|CH|AT|SE|PL|CZ|RO|UA|RU|KZ|UZ|TR|IN|PK|BD|ID|VN|JP"
)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

NUMBERS = [
    # what was written, the person's country, the form's and the company's, the number
    ("0501234567", "AE", (), "+971501234567"),
    ("4155552671", "US", ("CL",), "+14155552671"),
    ("07400123456", "GB", (), "+447400123456"),
    ("89161234567", "RU", (), "+79161234567"),
    ("05321234567", "TR", (), "+905321234567"),
    ("0512345678", "SA", (), "+966512345678"),
    ("01012345678", "KR", (), "+821012345678"),
    # the form's country before the company's, the person's before both
    ("0501234567", "", ("SA", "AE"), "+966501234567"),
    ("0501234567", "AE", ("SA", "CL"), "+971501234567"),
    ("0501234567", "IN", ("AE",), "+971501234567"),
    # Argentina, Mexico, Brazil
    ("+54 9 11 2345-6701", "", (), "+5491123456701"),
    ("011 15-2345-6701", "AR", (), "+5491123456701"),
    ("+54 11 15 2345 6701", "", (), "+5491123456701"),
    ("+52 1 55 1234 5678", "", (), "+525512345678"),
    ("5215512345678", "", ("AE",), "+525512345678"),
    ("044 55 1234 5678", "MX", (), "+525512345678"),
    ("01 55 1234 5678", "", ("MX",), "+525512345678"),
    ("+55 11 8765-4321", "", (), "+5511987654321"),
    ("(11) 8765-4321", "BR", (), "+5511987654321"),
    ("11 98765-4321", "", ("BR",), "+5511987654321"),
    ("+55 11 3456-7890", "", (), "+551134567890"),  # a fixed line
    # Russia and Kazakhstan
    ("+8 701 123 45 67", "KZ", (), "+77011234567"),
    ("+8 (916) 123-45-67", "", ("AE",), "+79161234567"),
    ("8 701 123 45 67", "", ("KZ",), "+77011234567"),
    ("+7 8 916 123 45 67", "", (), "+79161234567"),
    ("7 701 123 45 67", "", ("AE",), "+77011234567"),
    ("+8 495 123 45 67", "RU", (), "+74951234567"),
    ("+84 95 123 45 67", "", ("AE",), "+84951234567"),
    # the plus is missing, at the end, or doubled
    ("966512345678", "", ("AE",), "+966512345678"),
    ("966512345678", "", ("DE",), "+966512345678"),
    ("+966 512 345 678", "AE", ("AE",), "+966512345678"),
    ("٩٦٦٥١٢٣٤٥٦٧٨+", "", ("AE",), "+966512345678"),
    ("++971501234567", "", (), "+971501234567"),
    ("00971501234567", "", ("CL",), "+971501234567"),
    ("+00971501234567", "", (), "+971501234567"),
    ("011 971 50 123 4567", "US", (), "+971501234567"),
    ("+0501234567", "AE", (), "+971501234567"),
    ("+971 (0) 50 123 4567", "", (), "+971501234567"),
    # digits of other scripts
    ("٠٥٠١٢٣٤٥٦٧", "", ("AE",), "+971501234567"),
    ("۰۹۱۲۳۴۵۶۷۸۹", "IR", (), "+989123456789"),
    ("९८७६५४३२१०", "IN", (), "+919876543210"),
    ("๐๘๑๒๓๔๕๖๗๘", "TH", (), "+66812345678"),
    ("０９０１２３４５６７８", "JP", (), "+819012345678"),
    ("＋８１９０１２３４５６７８", "", (), "+819012345678"),
    ("\u202a+971 50 123 4567\u202c", "", (), "+971501234567"),
    # extensions
    ("+1 415 555 2671 ext. 5", "", (), "+14155552671"),
    ("+1 415 555 2671x12", "", (), "+14155552671"),
    ("+14155552671#5", "", (), "+14155552671"),
    ("+7 916 123-45-67 доб. 12", "", (), "+79161234567"),
    ("tel:+1-415-555-2671;ext=5", "", (), "+14155552671"),
    # two numbers, words, signs
    ("0501234567 / 0557654321", "", ("AE",), "+971501234567"),
    ("0501234567/0557654321", "", ("AE",), "+971501234567"),
    ("0501234567 0557654321", "", ("AE",), "+971501234567"),
    ("050 123 4567 055 765 4321", "", ("AE",), "+971501234567"),
    ("0501234567, 0557654321", "", ("AE",), "+971501234567"),
    ("+971501234567+971557654321", "", (), "+971501234567"),
    ("0501234567\n0557654321", "", ("AE",), "+971501234567"),
    ("0501234567 или 0557654321", "", ("AE",), "+971501234567"),
    ("my number is 0501234567", "AE", (), "+971501234567"),
    ("050-123-4567 (whatsapp)", "AE", (), "+971501234567"),
    ("https://wa.me/971501234567", "", (), "+971501234567"),
    ("050,123,4567", "AE", (), "+971501234567"),
    ("030/123456", "DE", (), "+4930123456"),
    ("30 123456", "DE", ("CL",), "+4930123456"),
    ("+39 06 1234 5678", "", (), "+390612345678"),
    ("312345", "AD", (), "+376312345"),
]
UNREAD = [
    ("0501234567", "", (), UNKNOWN_COUNTRY),
    ("0501234567", "", ("CL",), UNKNOWN_COUNTRY),
    ("4155552671", "", ("AE",), UNKNOWN_COUNTRY),  # of the United States, or +41 in Switzerland
    ("4155552671", "", ("DE",), UNKNOWN_COUNTRY),
    ("8 916 123 45 67", "", ("AE",), UNKNOWN_COUNTRY),
    ("+84951234567", "", ("RU",), UNKNOWN_COUNTRY),  # of Moscow, or of Vietnam
    ("84912345678", "", ("AE",), UNKNOWN_COUNTRY),  # of Brazil, or of Vietnam
    ("13012345678", "", ("AE",), UNKNOWN_COUNTRY),  # of China, or of the United States
    ("+97150123", "", (), NO_NUMBER),
    ("0097150123", "", (), NO_NUMBER),
    ("+56 9 8765 4321 or 3", "", ("CL",), NO_NUMBER),
    ("+971 50 123 4567, 8", "", (), NO_NUMBER),
    ("call me", "", ("CL",), NO_NUMBER),
    ("12", "", ("CL",), NO_NUMBER),
    ("٠٥٠", "", ("AE",), NO_NUMBER),
    ("O501234567", "AE", (), NO_NUMBER),
    ("05O1234567", "AE", (), NO_NUMBER),
    ("1-800-FLOWERS", "US", (), NO_NUMBER),
    ("**21*+4915112345678#", "", ("DE",), NO_NUMBER),
    ("*#06#", "", ("DE",), NO_NUMBER),
    ("123456789012345678", "", ("AE",), NO_NUMBER),
    ("1775730035000000", "", ("AE",), NO_NUMBER),
    ("+", "", ("AE",), NO_NUMBER),
    ("²³", "", ("AE",), NO_NUMBER),
    ("0501234567", "??", ("",), UNKNOWN_COUNTRY),
]


@pytest.mark.parametrize(("text", "own", "others", "number"), NUMBERS)
def test_number_is_read_however_it_is_written(text, own, others, number):
    assert parse_phone(text, own, others) == Phone(number)


@pytest.mark.parametrize(("text", "own", "others", "issue"), UNREAD)
def test_what_could_be_another_number_is_none(text, own, others, issue):
    assert parse_phone(text, own, others) == Phone(issue=issue)


def write_ways(number):
    """Return a mobile in the ways people write it: text, own country, others."""
    region = phonenumbers.region_code_for_number(number)
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    spaced = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return {
        "international": (spaced, "", ("CL",)),
        "00": (f"00{whole[1:]}", "", ("AE",)),
        "at home, country named": (national, region, ("AE",)),
        "at home, in a company there": (national.replace(" ", ""), "", ("", region)),
        "Arabic digits": (national.translate(ARABIC), "", (region, "CL")),
        "without plus, abroad": (whole[1:], "", ("AE",)),
        "plus at the end": (f"{whole[1:]}+", "", ("DE",)),
        "without prefix": (str(number.national_number), region, ()),
        "with a word": (f"WhatsApp: {spaced}", region, ()),
        "two numbers": (f"{spaced} / {spaced}", "", ()),
    }


def test_mobiles_of_fifty_countries_in_ten_ways_are_never_wrong():
    results = collections.defaultdict(collections.Counter)
    for region in FIFTY.split("|"):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        for way, (text, own, others) in write_ways(number).items():
            found = parse_phone(text, own, others).number
            results[way]["right" if found == whole else "wrong" if found else "unread"] += 1
    total = sum(results.values(), collections.Counter())
    assert total["wrong"] == 0, results
    assert total["right"] >= 0.98 * total.total() == 490, results
    assert min(some["right"] for some in results.values()) >= 45, results


def test_bare_foreign_mobiles_of_all_countries_are_never_another_countrys():
    wrong = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        whole = number and phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        for company in ("EG", "GB", "PK", "TH", "CL"):
            found = whole and parse_phone(whole[1:], "", (company,)).number
            if found and found != whole:
                wrong[region, company] = found
    # At home these are nine digits that begin with a mobile's 9 or 6, as Chileans write them.
    assert {region for region, _company in wrong} <= {"NF"}


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_each_example_is_read_when_it_is_dialled_at_home(region):
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if not number or number.national_number < 100_000:
        return
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert parse_phone(national, region).number == whole
    assert parse_phone(national, "", (region,)).number == whole


@pytest.mark.parametrize(
    ("today", "other"),
    [
        ("+5491123456701", "+541123456701"),
        ("+5493512345678", "+543512345678"),
        ("+525512345678", "+5215512345678"),
        ("+5511987654321", "+551187654321"),
        ("+5567988887777", "+556788887777"),
    ],
)
def test_two_ways_to_write_a_number_are_one_persons(today, other):
    assert list_equivalents(today) == [today, other]
    assert list_equivalents(other) == [other, today]


@pytest.mark.parametrize(
    "number", ["+971501234567", "+551134567890", "+5215512345", "+14155552671", "no number", ""]
)
def test_other_numbers_are_written_in_one_way(number):
    assert list_equivalents(number) == [number]


def test_countries_of_an_unsure_number_are_those_that_dial_it_so():
    found = list_phone_countries("050 123 4567")
    assert {"AE", "SA", "UA"} <= set(found)
    assert not {"US", "GB", "CL", "AX"} & set(found)
    assert list_phone_countries("call me") == list_phone_countries("") == []


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("0501234567", "AE", "+971501234567"),
        ("0501234567", "US", ""),
        ("84912345678", "VN", "+84912345678"),
        ("84912345678", "BR", "+5584912345678"),
        ("+84951234567", "RU", "+74951234567"),
        ("+84951234567", "VN", "+84951234567"),
        ("4155552671", "US", "+14155552671"),
        ("call me", "US", ""),
    ],
)
def test_number_is_one_of_the_country_that_was_chosen(text, country, number):
    assert parse_phone_of_country(text, country) == number


def test_digits_of_any_script_are_counted():
    assert simplify_digits("\u200e٠٥٠－１２３ ४५६७") == "050-123 4567"
    assert has_digits("٠٥٠١٢٣٤")
    assert not has_digits("050123")
