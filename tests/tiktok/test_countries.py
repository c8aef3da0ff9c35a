import collections

import pytest
from babel import Locale
from tiktok import countries
from tiktok.countries import find_country, normalize_name
from tiktok.country_aliases import COUNTRY_ALIASES

NO_COUNTRIES = "AC|CP|CQ|DG|EA|EU|EZ|IC|QO|TA|UN|XA|XB|ZZ"  # in CLDR, not in ISO 3166

NAMES = {
    "AE": "UAE|U.A.E.|uae|the Emirates|United Arab  Emirates|الإمارات|الامارات|امارات|ОАЭ|Эмираты"
    "|BAE|EAU|阿联酋|Dubai, UAE|UAE - Dubai"
    "|دولة الإمارات العربية المتحدة|United Arab Emirates (UAE)"
    "|الإمـــارات|الْإِمَارَات|🇦🇪|🇦🇪 UAE|+971|ARE|ae|متحدہ عرب امارات|यूएई",
    "SA": "KSA|K.S.A|Saudi|saudi arabia|SaudiArabia|Kingdom of Saudi Arabia|السعودية|سعودية"
    "|المملكة العربية السعودية|السعودية - الرياض|Саудовская Аравия|Arabia Saudita|沙特",
    "US": "USA|U.S.A.|U.S.|US of A|usa|America|The United States|United States of America|EEUU"
    "|EE.UU.|EUA|ABD|США|Америка|أمريكا|امريكا|الولايات المتحدة الأمريكية"
    "|АҚШ|Mỹ|美国|アメリカ|Amerika",
    "GB": "UK|U.K.|Great Britain|England|Scotland|Wales|Inglaterra|Angleterre|İngiltere|Англия"
    "|بريطانيا|Великобритания|Vương quốc Anh|英国",
    "RU": "Russia|РФ|Россия|россия|Российская Федерация|Russian Federation|روسيا"
    "|Ресей|Rusia|俄罗斯",
    "KZ": "Kazakhstan|Казахстан|Қазақстан|КАЗАХСТАН|Republic of Kazakhstan|Республика Казахстан"
    "|Қазақстан Республикасы|كازاخستان|РК|Kazakistan",
    "TR": "Turkey|Türkiye|TÜRKİYE|turkiye|Turkiye Cumhuriyeti|Турция|تركيا|Turquía",
    "KR": "South Korea|Korea|S. Korea|Republic of Korea|Korea, Republic of|한국|Южная Корея|كوريا",
    "KP": "North Korea|DPRK|Korea, Democratic People's Republic of|КНДР",
    "CN": "China|PRC|P.R. China|People's Republic of China|中国|КНР",
    "TW": "Taiwan|Republic of China|Taiwan, Province of China|台灣",
    "HK": "Hong Kong|HongKong|Hong Kong, China|香港|Гонконг",
    "CD": "DRC|DR Congo|Democratic Republic of the Congo|Congo, Democratic Republic of the",
    "CG": "Republic of the Congo|Congo-Brazzaville",
    "CI": "Ivory Coast|Côte d'Ivoire|cote divoire|Cote d’Ivoire",
    "CZ": "Czech Republic|Czechia|Чехия",
    "NL": "the Netherlands|Holland|Голландия",
    "EG": "Egypt|جمهورية مصر العربية|مصر|Egypt (Cairo)|Египет|Misr",
    "KW": "دولة الكويت|State of Kuwait|الكويت",
    "IR": "Iran (Islamic Republic of)|Islamic Republic of Iran|ایران",
    "TZ": "Tanzania, United Republic of",
    "TT": "Trinidad and Tobago|Trinidad & Tobago|Trinidad",
    "LC": "St. Lucia|Saint Lucia|St Lucia",
    "GE": "Georgia|Грузия|საქართველო",
    "MM": "Myanmar|Burma",
    "PS": "Palestine|فلسطين|State of Palestine",
    "VI": "U.S. Virgin Islands|Virgin Islands, U.S.",
    "MY": "MY|Malaysia|ماليزيا",
    "NO": "NO|Norway",
    "UZ": "Uzbekistan|Oʻzbekiston|Узбекистан",
    "BR": "Brasil|Brazil|巴西",
}
NO_NAMES = (
    "|-|no|No|NA|N/A|none|my|Atlantis|xx|%|_____|C%|Congo|Конго|الكونغو|Virgin Islands"
    "|Lebanon, Ohio|Peru, IN|Georgia, USA|Paris, Texas|Turkey or Greece|UAE / KSA|not Egypt"
    "|State of Georgia|+7|+1|EU|Europe|United Nations|New Mexico|New Jersey|male|12|🙂|Guiana"
    "|any country but Spain|Korea, Canada"
)


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, some in NAMES.items() for text in some.split("|")]
)
def test_country_is_found_as_people_write_it(code, text):
    assert find_country(text) == code


@pytest.mark.parametrize("text", [*NO_NAMES.split("|"), "x" * 500, "\u0000", "ا", "ال"])
def test_no_country_is_found_in_what_names_none_or_several(text):
    assert find_country(text) == ""


def read_names(language):
    """Return CLDR's names of the countries of ISO 3166 and Kosovo."""
    return {
        code: name
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES.split("|")
    }


@pytest.mark.parametrize("language", ["en", "ar", "ru", "kk", "es", "zh", "fr", "tr", "pt", "hi"])
def test_all_countries_are_found_by_their_names(language):
    results = collections.Counter()
    for code, name in read_names(language).items():
        for text in (name, name.upper(), f" {name.lower()}. "):
            found = find_country(text)
            results["right" if found == code else "wrong" if found else "none"] += 1
    assert results["wrong"] == 0
    assert results["right"] >= 0.99 * results.total() > 700


def test_codes_of_two_and_three_letters_are_found():
    codes = countries._get_codes()
    found = {code: find_country(code) for code in codes}
    wrong = {code: name for code, name in found.items() if name not in (codes[code], "")}
    assert not wrong
    assert [code for code, name in found.items() if not name] == ["NA"]
    assert len(codes) > 490


def test_each_alias_is_of_one_country_and_conflicts_with_no_common_name():
    aliases = [
        (normalize_name(alias), code)
        for code, some in COUNTRY_ALIASES.items()
        for alias in some.split("|")
    ]
    for name, code in aliases:
        assert name not in countries._get_ambiguous()
        assert countries._get_common_index().get(name) in ("", code), name
    assert len({name for name, _code in aliases}) == len(set(aliases))


def test_names_of_all_languages_take_little_memory():
    index = countries._get_other_index()
    assert len(index) > 20_000
    assert index._entries.itemsize == 8


def test_two_countries_of_one_name_are_ambiguous_in_an_index():
    index = countries.NameIndex({"kata": countries.AMBIGUOUS, "peru": "PE"})
    assert (index.get("kata"), index.get("peru"), index.get("")) == (countries.AMBIGUOUS, "PE", "")
