"""Invented people who fill in forms: the same for the same number."""

FIRST = {
    "en": ("Ana", "Zoë", "James", "Priya", "Mateo", "Chloé", "Omar", "Ingrid"),
    "ar": ("ليلى", "عمر", "فاطمة", "خالد", "نور", "يوسف"),
    "ru": ("Анна", "Иван", "Мария", "Олег", "Ольга", "Пётр"),
}
LAST = {
    "en": ("Pérez", "Smith", "Okafor", "Sharma", "O'Neill", "Müller", "Haddad"),
    "ar": ("الحداد", "المنصوري", "عبد الله", "الشامي", "القاسمي"),
    "ru": ("Кузнецова", "Смирнов", "Попова", "Волков", "Орлова"),
}
CITIES = {"en": ("Dubai", "Sharjah"), "ar": ("دبي", "الشارقة"), "ru": ("Казань", "Москва")}
PHONES = {"en": "+9715{:08d}", "ar": "+9715{:08d}", "ru": "+79{:09d}"}


def answers(form, number):
    """Fill in a form; what a person has nothing to say about stays out.

    :param Form form: what is asked
    :param int number: which person
    :return: (key, value), value a text or a list of texts
    :rtype: list[tuple]
    """
    person = _person(form.language, number)
    given = [(question.key, _answer(question, person, number)) for question in form.questions]
    return [(key, value) for key, value in given if value]


def _person(language, number):
    first = FIRST[language][number % len(FIRST[language])]
    last = LAST[language][number // 3 % len(LAST[language])]
    return {
        "first_name": first,
        "last_name": last,
        "name": f"{first} {last}",
        "email": f"person{number}@example.com",
        "phone_number": PHONES[language].format(number),
        "city": CITIES[language][number % 2],
    }


def _answer(question, person, number):
    if question.kind == "choices":
        return question.options[: 1 + number % len(question.options)]
    if question.options:
        return question.options[number % len(question.options)]
    return person.get(question.key, "")
