"""Who answered which form in the demo: forms, campaigns, names and answers in four languages."""

PEOPLE = {
    "en": (
        ("Olivia", "James", "Aisha", "Daniel", "Priya", "Thomas", "Grace", "Omar", "Hannah", "Leo"),
        ("Carter", "Okafor", "Mehta", "Walsh", "Lindqvist", "Rahman", "Novak", "Silva", "Brandt"),
    ),
    "ar": (
        ("مريم", "خالد", "نورة", "سعيد", "ليلى", "يوسف", "هند", "راشد", "سلمى", "فيصل"),
        ("حداد", "المنصوري", "الشامسي", "العتيبي", "قاسم", "البلوشي", "النجار", "الكعبي"),
    ),
    "ru": (
        ("Анна", "Дмитрий", "Елена", "Сергей", "Ольга", "Павел", "Ирина", "Максим", "Юлия"),
        ("Ким", "Гончар", "Шевченко", "Лебедь", "Мороз", "Коваль", "Савчук", "Бондарь"),
    ),
    "kk": (
        ("Айгерім", "Нұрлан", "Мәдина", "Ерлан", "Дана", "Тимур", "Әсел", "Бауыржан"),
        ("Сейіт", "Жұмабек", "Оспан", "Қалиұлы", "Әлібек", "Нұрғали", "Тілеубек"),
    ),
}
# Written in the e-mail addresses, whatever the alphabet of the name.
MAIL_NAMES = ("sunny", "harbor", "cedar", "maple", "falcon", "pearl", "amber", "river", "olive")
SALESPEOPLE = (
    # name, login, language, and the minutes to the first contact: at least, at most
    ("Noor Haddad", "noor", 2, 9),
    ("Marek Novotny", "marek", 4, 22),
    ("Dana Ospan", "dana", 3, 14),
    ("Lucía Torres", "lucia", 8, 45),
)
# Answers to questions that are not about the person. Budgets are mapped to the expected revenue;
# of a won lead it is the part of the budget that the company earns. A lead costs about `cost`.
FORMS = (
    {
        "language": "en",
        "weight": 30,
        "page_id": 7600000000000001001,
        "page_name": "Villa offer",
        "cost": 38,
        "revenue": 0.02,
        "phone": "+97150{:07}",
        "campaign": (1809876543200001, "Villas Autumn"),
        "adgroup": (1809876543210001, "Dubai 25-44"),
        "ads": ((1809876543211001, "Pool at sunset"), (1809876543211002, "Walk through")),
        "budget": ("What is your budget?", ("250,000", "420,000", "600,000", "1,200,000")),
        "more": ("When do you want to move?", ("This year", "Next year", "I am only looking")),
    },
    {
        "language": "ar",
        "weight": 26,
        "page_id": 7600000000000001002,
        "page_name": "عرض الفلل",
        "cost": 34,
        "revenue": 0.02,
        "phone": "+97155{:07}",
        "campaign": (1809876543200002, "فلل الخريف"),
        "adgroup": (1809876543210002, "دبي والشارقة"),
        "ads": ((1809876543211003, "جولة في الفيلا"), (1809876543211004, "حديقة وعائلة")),
        "budget": ("ما هي ميزانيتك؟", ("٢٥٠٠٠٠", "٤٠٠٠٠٠", "٧٥٠٠٠٠")),
        "more": ("متى نتصل بك؟", ("صباحًا", "مساءً", "نهاية الأسبوع")),
    },
    {
        "language": "ru",
        "weight": 18,
        "page_id": 7600000000000001003,
        "page_name": "Замер кухни",
        "cost": 9,
        "revenue": 0.4,
        "phone": "+7701{:07}",
        "campaign": (1809876543200003, "Кухни под заказ"),
        "adgroup": (1809876543210003, "Алматы, семьи"),
        "ads": ((1809876543211005, "До и после"),),
        "budget": ("Какой у вас бюджет?", ("4 500", "6 000", "9 000")),
        "more": ("Когда удобно приехать?", ("В будни", "В выходные")),
    },
    {
        "language": "kk",
        "weight": 12,
        "page_id": 7600000000000001004,
        "page_name": "Пәтер жоспары",
        "cost": 12,
        "revenue": 0.04,
        "phone": "+7702{:07}",
        "campaign": (1809876543200004, "Жаңа пәтерлер"),
        "adgroup": (1809876543210004, "Астана"),
        "ads": ((1809876543211006, "Терезеден көрініс"),),
        "budget": ("Бюджетіңіз қандай?", ("30 000", "45 000", "60 000")),
        "more": ("Неше бөлме керек?", ("1", "2", "3", "4")),
    },
    {
        "language": "en",
        "weight": 14,
        "page_id": 7600000000000001005,
        "page_name": "Kitchen catalogue",
        "cost": 14,
        "revenue": 0.3,
        "phone": "+4477{:08}",
        "campaign": (1809876543200005, "Kitchens Europe"),
        "adgroup": (1809876543210005, "Home owners"),
        "ads": ((1809876543211007, "Oak and light"), (1809876543211008, "Small spaces")),
        "budget": ("What would you like to spend?", ("5,000", "8,500", "14,000")),
        "more": ("Which style do you like?", ("Modern", "Country", "I do not know yet")),
    },
)
