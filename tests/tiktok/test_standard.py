import pytest
from tiktok.standard import STANDARD, standard_key


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("name", "name"),
        ("Full Name", "name"),
        ("full_name", "name"),
        ("FULL-NAME*", "name"),
        (" First  name: ", "first_name"),
        ("last_name", "last_name"),
        ("email", "email"),
        ("E-mail address", "email"),
        ("phone_number", "phone_number"),
        ("Phone number (WhatsApp)", ""),
        ("WhatsApp number", "phone_number"),
        ("Mobile", "phone_number"),
        ("city", "city"),
        ("Town/City", "city"),
        ("zip_code", "zip"),
        ("Postcode", "zip"),
        ("province", "state"),
        ("State/Province", "state"),
        ("Country/Region", "country"),
        ("address", "street"),
        ("Company name", "company"),
        ("job_title", "job_title"),
        ("Job Position", "job_title"),
        ("gender", ""),
        ("scheduled_time", ""),
        ("What is your budget?", ""),
        ("", ""),
        ("الاسم", ""),
    ],
)
def test_a_question_everybody_asks_is_known_in_any_spelling(question, expected):
    assert standard_key(question) == expected


@pytest.mark.parametrize("key", sorted(STANDARD))
def test_each_key_knows_itself(key):
    assert standard_key(key) == key or key == "street2"
