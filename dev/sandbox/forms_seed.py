"""The demo's Instant Forms, in English, Arabic and Russian."""

from dev.sandbox.records import Question

LABELS = {
    "en": {
        "first_name": "First name",
        "last_name": "Last name",
        "name": "Name",
        "email": "Email",
        "phone_number": "Phone number",
        "city": "City",
    },
    "ar": {
        "name": "الاسم",
        "email": "البريد الإلكتروني",
        "phone_number": "رقم الهاتف",
        "city": "المدينة",
    },
    "ru": {
        "name": "Имя",
        "email": "Эл. почта",
        "phone_number": "Номер телефона",
        "city": "Город",
    },
}
KINDS = {"email": "email", "phone_number": "tel"}


def standard(language, *keys):
    """Return standard questions with their labels in the form's language.

    :param str language: en, ar or ru
    :param str keys: keys as the webhook writes them
    :rtype: list[Question]
    """
    labels = LABELS[language]
    return [
        Question(key, labels[key], KINDS.get(key, "text"), required=key != "email") for key in keys
    ]


def custom(text, kind="text", options=(), required=True):
    """Return a custom question: its text is its key.

    :rtype: Question
    """
    return Question(text, text, kind, list(options), required)


def _showroom():
    return [
        *standard("en", "first_name", "last_name", "phone_number", "email"),
        custom("What is your budget?", "choice", ["Under 1,000", "1,000 - 3,000", "Over 3,000"]),
        custom(
            "Which rooms do you furnish?",
            "choices",
            ["Living room", "Bedroom", "Kitchen", "Office"],
        ),
        custom("Tell us about your room", "textarea", required=False),
    ]


def _arabic():
    return [
        *standard("ar", "name", "phone_number", "email", "city"),
        custom("ما هي ميزانيتك؟", "choice", ["أقل من 5000 درهم", "5000 - 10000", "أكثر من 10000"]),
        custom("أي غرف تريد تأثيثها؟", "choices", ["غرفة المعيشة", "غرفة النوم", "المطبخ"]),
        custom("متى نتصل بك؟", "text", required=False),
    ]


def _russian():
    return [
        *standard("ru", "name", "phone_number", "email"),
        custom("Какой у вас бюджет?", "choice", ["До 50 000 ₽", "50 000 – 150 000 ₽", "Больше"]),
        custom("Какие комнаты обставляете?", "choices", ["Гостиная", "Спальня", "Кухня"]),
        custom("Комментарий", "textarea", required=False),
    ]


def _catalogue():
    return standard("en", "name", "email", "phone_number")


FORMS = (
    {
        "title": "Free showroom visit",
        "language": "en",
        "intro": "Sit on it before you buy it. We call you within the hour.",
        "questions": _showroom,
    },
    {
        "title": "زيارة مجانية للمعرض",
        "language": "ar",
        "intro": "جرّب الأثاث قبل أن تشتريه. نتصل بك خلال ساعة.",
        "questions": _arabic,
    },
    {
        "title": "Бесплатный замер",
        "language": "ru",
        "intro": "Приедем, измерим, посчитаем. Перезвоним в течение часа.",
        "questions": _russian,
        "advertiser": 1,
    },
    {
        "title": "Catalogue by mail",
        "language": "en",
        "intro": "128 pages, free. Where shall we send it?",
        "questions": _catalogue,
        "advertiser": 1,
        "library": True,
    },
)
