import pytest
from tiktok.states import find_state

US = [(1, "Texas", "TX"), (2, "New York", "NY"), (3, "Indiana", "IN"), (4, "Washington", "WA")]
RU = [(1, "Altai Republic", "AL"), (2, "Altai Krai", "ALT"), (3, "Republic of Komi", "KO")]
OTHERS = [(1, "Provincia de Córdoba", "X"), (2, "Buenos Aires", "B"), (3, "La Rioja", "F")]


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
