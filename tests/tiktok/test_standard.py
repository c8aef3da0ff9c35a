import unicodedata

import pytest
from tiktok import standard
from tiktok.standard import KEYS, plain, question_names, same, standard_key
from tiktok.standard_words import SHORT_NAMES, WORDS


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
def test_a_question_everybody_asks_is_known_in_any_spelling(question, expected):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert standard_key(unicodedata.normalize(form, question)) == expected


@pytest.mark.parametrize("key", sorted(KEYS))
def test_each_key_knows_itself(key):
    assert standard_key(key) == key


@pytest.mark.parametrize("language", sorted(WORDS))
def test_each_language_knows_what_every_form_asks(language):
    assert WORDS[language].keys() >= {
        *("name", "first_name", "last_name", "email", "phone_number", "city", "zip", "state"),
        *("country", "street", "company", "job_title", "website", "consent"),
    }
    assert WORDS[language].keys() <= set(KEYS)


def test_no_word_means_two_things():
    meanings = {}
    for words in WORDS.values():
        for key, aliases in words.items():
            for alias in aliases.split("|"):
                assert plain(alias), alias
                meanings.setdefault(plain(alias), set()).add(key)
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
def test_two_spellings_of_a_question_are_the_same(one, other, are_same):
    assert (same(one) == same(other)) is are_same


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize(
    ("asked", "meant"), [("last_name", "first_name"), ("first_name", "last_name")]
)
def test_a_short_name_beside_one_part_is_the_other_part(language, asked, meant):
    for short in SHORT_NAMES[language].split("|"):
        for part in WORDS[language][asked].split("|"):
            assert question_names([short, part]) == [meant, asked]
            assert question_names([part, short]) == [asked, meant]


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_whole_name_stays_one_beside_a_part(language):
    words = WORDS[language]
    part = words["last_name"].split("|")[0]
    whole = set(words["name"].split("|")) - set(SHORT_NAMES[language].split("|"))
    assert whole
    for name in whole:
        assert question_names([name, part]) == ["name", "last_name"]


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
def test_labels_are_named_as_the_webhook_names_them(labels, known, names):
    assert question_names(labels, known) == names
