import pytest
from tiktok.countries import list_words
from tiktok.state_aliases import STATE_ALIASES
from tiktok.states import _list_aliases, find_state

US = [(1, "Texas", "TX"), (2, "New York", "NY"), (3, "Indiana", "IN"), (4, "Washington", "WA")]
DC = [*US, (5, "District of Columbia", "DC")]
RU = [(1, "Altai Republic", "AL"), (2, "Altai Krai", "ALT"), (3, "Republic of Komi", "KO")]
MOSCOW = [(1, "Moscow Oblast", "MOS"), (2, "Moscow", "MOW"), (3, "Saint Petersburg", "SPE")]
OTHERS = [(1, "Provincia de Córdoba", "X"), (2, "Buenos Aires", "B"), (3, "La Rioja", "F")]
EMIRATES = [(1, "Abu Dhabi", "AZ"), (2, "Dubai", "DU"), (3, "Ras al-Khaimah", "RK")]
SAUDI = [(1, "Riyadh", "RUH"), (2, "Makkah", "MAK"), (3, "Ad Dammam", "DMM")]
JAPAN = [(1, "東京都", "JP-13"), (2, "大阪府", "JP-27"), (3, "京都府", "JP-26")]
GERMANY = [(1, "Bayern", "DE-BY"), (2, "Thüringen", "DE-TH"), (3, "Hessen", "DE-HE")]
SWISS = [(1, "Zürich", "ZH"), (2, "Zurich", "ZH-FR"), (3, "Bern", "BE"), (4, "Berne", "BE-FR")]


@pytest.mark.parametrize(
    ("text", "states", "found"),
    [
        *[(text, US, 1) for text in ("Texas", "TX", "tx", " TEXAS ", "US-TX", "Texas, USA")],
        *[(text, US, 1) for text in ("State of Texas", "Texas (TX)", "Dallas, TX")],
        *[(text, US, 2) for text in ("new york", "New-York", "NewYork state", "NY / USA")],
        *[(text, US, None) for text in ("", "%", "T____", "Tex", "Ontario", "York")],
        *[(text, RU, 3) for text in ("Komi", "Republic of Komi", "komi republic", "KO")],
        ("Altai", RU, None),
        ("Altai Krai", RU, 2),
        *[(text, OTHERS, 1) for text in ("Cordoba", "CÓRDOBA", "provincia de cordoba")],
        ("Rioja", OTHERS, 3),
        ("Córdoba", [], None),
    ],
)
def test_state_is_found_among_those_of_its_country(text, states, found):
    assert find_state(text, states) == found


@pytest.mark.parametrize(
    ("country", "texts", "states", "found"),
    [
        ("AE", "دبي|إمارة دبي|Dubai|Emirate of Dubai|Dubai, UAE|Дубай|DU|دبى", EMIRATES, 2),
        ("AE", "أبو ظبي|ابوظبي|Abu-Dhabi|ABU DHABI|Abudhabi", EMIRATES, 1),
        ("AE", "RAK|Ras Al Khaimah|رأس الخيمة|راس الخيمه", EMIRATES, 3),
        ("AE", "Doha|RA|Dub|Al Ain", EMIRATES, None),
        ("SA", "الرياض|منطقة الرياض|رياض|Riyadh|Riyadh Province|Ar Riyadh", SAUDI, 1),
        ("SA", "مكة|مكة المكرمة|منطقة مكة المكرمة|Mecca|Makkah", SAUDI, 2),
        ("RU", "Москва|г. Москва|город Москва|Moscow|MOW|Moskva", MOSCOW, 2),
        ("RU", "Московская область|московская обл|Московская обл.|Moscow Oblast", MOSCOW, 1),
        ("RU", "Санкт-Петербург|СПб|St. Petersburg|Saint Petersburg", MOSCOW, 3),
        ("RU", "Алтай", RU, 1),
        ("RU", "Алтайский край|Алтайский", RU, 2),
        ("JP", "Tokyo|東京|東京都|TOKYO|Tokyo, Japan|13", JAPAN, 1),
        ("JP", "大阪|Osaka|Osaka Prefecture", JAPAN, 2),
        ("JP", "京都|京都府", JAPAN, 3),
        (
            "KR",
            "서울|서울시|서울특별시|Seoul",
            [(1, "서울특별시", "KR-11"), (2, "경기도", "KR-41")],
            1,
        ),
        ("CN", "北京|北京市", [(1, "北京市", "京"), (2, "浙江省", "浙")], 1),
        ("DE", "Bavaria|Bayern|BY|DE-BY|Bayern, Deutschland", GERMANY, 1),
        ("DE", "Thuringia|Thuringen|TH", GERMANY, 2),
        ("CH", "Zurich|Zürich|ZH|Kanton Zürich", SWISS, 1),
        ("US", "Washington DC|Washington, DC|Washington D.C.|DC", DC, 5),
        ("US", "Washington|WA|Washington State", DC, 4),
    ],
)
def test_state_is_found_by_its_other_names(country, texts, states, found):
    for text in texts.split("|"):
        assert find_state(text, states, country) == found, text


@pytest.mark.parametrize("country", sorted(STATE_ALIASES))
def test_other_name_is_of_one_state(country):
    names = [
        name
        for names in _list_aliases(country).values()
        for name in {"".join(list_words(each)) for each in names}
    ]
    assert names
    assert all(names)
    assert len(names) == len(set(names))
