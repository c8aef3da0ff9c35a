import unicodedata

import pytest
from tiktok import standard
from tiktok.standard import (
    KEYS,
    find_standard_key,
    get_webhook_names,
    normalize_question,
    normalize_text,
)
from tiktok.standard_aliases import SHORT_NAME_ALIASES, STANDARD_ALIASES


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
        ("I agree.", "consent"),
        ("gender", ""),
        ("scheduled_time", ""),
        ("What is your budget?", ""),
        ("", ""),
        ("?!", ""),
        # the other languages, as people and phones write them
        ("الاسم", "name"),
        ("الإسم الكامل", "name"),
        ("رَقم الهاتِف:", "phone_number"),
        ("البريد الالكترونى", "email"),
        ("المدينه", "city"),
        ("Имя", "name"),
        ("ИМЯ И ФАМИЛИЯ", "name"),
        ("Эл. почта", "email"),
        ("Населённый пункт", "city"),
        ("Номер телефона*", "phone_number"),
        ("Аты-жөні", "name"),
        ("Correo electronico", "email"),
        ("Nº de teléfono", ""),
        ("NÚMERO DE TELÉFONO", "phone_number"),
        ("Apellidos", "last_name"),
        ("Prenom", "first_name"),
        ("N° de téléphone", "phone_number"),
        ("Adresse e‑mail", "email"),
        ("J’accepte", "consent"),
        ("Strasse", "street"),
        ("STRAẞE", "street"),
        ("Vor- und Nachname", "name"),
        ("Endereço de e-mail", "email"),
        ("CEP", "zip"),
        ("ADINIZ SOYADINIZ", "name"),
        ("Adı", "first_name"),
        ("Şirket Adı", "company"),
        ("No. HP", "phone_number"),
        ("Nama lengkap", "name"),
        ("Số điện thoại", "phone_number"),
        ("so dien thoai", "phone_number"),
        ("Địa chỉ", "street"),
        ("ชื่อ-นามสกุล", "name"),
        ("หมายเลขโทรศัพท์", "phone_number"),
        ("อีเมล", "email"),
    ],
)
def test_standard_question_is_recognized_under_any_alias(question, expected):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert find_standard_key(unicodedata.normalize(form, question)) == expected


@pytest.mark.parametrize("key", sorted(KEYS))
def test_each_key_is_its_own_alias(key):
    assert find_standard_key(key) == key


@pytest.mark.parametrize("language", sorted(STANDARD_ALIASES))
def test_each_language_has_aliases_of_the_main_questions(language):
    assert STANDARD_ALIASES[language].keys() >= {
        *("name", "first_name", "last_name", "email", "phone_number", "city", "zip", "state"),
        *("country", "street", "company", "job_title", "website", "consent"),
    }
    assert STANDARD_ALIASES[language].keys() <= set(KEYS)


def test_no_alias_has_two_keys():
    meanings = {}
    for words in STANDARD_ALIASES.values():
        for key, aliases in words.items():
            for alias in aliases.split("|"):
                assert normalize_text(alias), alias
                meanings.setdefault(normalize_text(alias), set()).add(key)
    assert {word: keys for word, keys in meanings.items() if len(keys) > 1} == {}
    assert len(standard._KEYS) == len(meanings)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("phone_number", "Phone number", True),
        ("What is your budget?", "what is  your budget", True),
        ("ما هي ميزانيتك؟", "ما هي ميزانيتك", True),
        ("Ｂｕｄｇｅｔ", "budget", True),
        ("Cafe\u0301", "café", True),
        ("Budget < 1000", "Budget > 1000", False),
        ("?", "!", False),
        ("ハス", "バス", False),
    ],
)
def test_two_aliases_of_a_question_are_normalized_alike(one, other, are_same):
    assert (normalize_question(one) == normalize_question(other)) is are_same


@pytest.mark.parametrize("language", sorted(STANDARD_ALIASES))
@pytest.mark.parametrize(
    ("asked", "meant"), [("last_name", "first_name"), ("first_name", "last_name")]
)
def test_short_name_beside_one_name_part_is_the_other_part(language, asked, meant):
    for short in SHORT_NAME_ALIASES[language].split("|"):
        for part in STANDARD_ALIASES[language][asked].split("|"):
            assert get_webhook_names([short, part]) == [meant, asked]
            assert get_webhook_names([part, short]) == [asked, meant]


@pytest.mark.parametrize("language", sorted(STANDARD_ALIASES))
def test_full_name_beside_a_name_part_stays_full_name(language):
    words = STANDARD_ALIASES[language]
    part = words["last_name"].split("|")[0]
    whole = set(words["name"].split("|")) - set(SHORT_NAME_ALIASES[language].split("|"))
    assert whole
    for name in whole:
        assert get_webhook_names([name, part]) == ["name", "last_name"]


@pytest.mark.parametrize(
    ("labels", "known", "names"),
    [
        (["Имя", "Фамилия"], [], ["first_name", "last_name"]),
        (["Имя", "Телефон"], [], ["name", "phone_number"]),
        (["Имя", "Фамилия"], ["first_name", "last_name"], ["first_name", "last_name"]),
        (["Имя", "Фамилия"], ["name", "Фамилия"], ["name", "Фамилия"]),
        (["Name", "First name", "Last name"], [], ["name", "first_name", "last_name"]),
        (["Имя", "Ваше имя", "Фамилия"], [], ["first_name", "Ваше имя", "last_name"]),
        (["Phone", "Mobile", "Budget?"], [], ["phone_number", "Mobile", "Budget?"]),
    ],
)
def test_labels_get_the_names_of_the_webhook(labels, known, names):
    assert get_webhook_names(labels, known) == names
