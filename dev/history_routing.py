"""The demo's side of tiktok_routing: rules, and likely junk that waits for a check."""

from dev.history_plan import FIRST_UID

# By language of Odoo, English first.
RULES = (
    (
        {
            "en_US": "Arabic speakers",
            "ar_001": "المتحدثون بالعربية",
            "ru_RU": "Говорят по-арабски",
            "kk_KZ": "Арабша сөйлейтіндер",
        },
        {"language": "ar_001", "login": "noor"},
    ),
    (
        {
            "en_US": "Kazakhstan",
            "ar_001": "كازاخستان",
            "ru_RU": "Казахстан",
            "kk_KZ": "Қазақстан",
        },
        {"country": "KZ", "login": "dana"},
    ),
    (
        {
            "en_US": "Large budgets",
            "ar_001": "ميزانيات كبيرة",
            "ru_RU": "Крупные бюджеты",
            "kk_KZ": "Ірі бюджеттер",
        },
        {
            "question": "budget",
            "answer_operator": "at_least",
            "answer_value": "600000",
            "priority": "2",
        },
    ),
)
JUNK = (
    {"name": "Xxxxx", "phone_number": "+971502345678", "email": "xxxxx@example.com"},
    {"name": "Sam Hill", "phone_number": "+971502345987", "email": "no thanks"},
)


def make_rules(env, company):
    """Make the rules that decide about the next leads, and have likely junk be checked first.

    :param odoo.api.Environment env: with all rights
    :param company: res.company
    """
    installed = {code for code, _name in env["res.lang"].get_installed()}
    for number, (names, given) in enumerate(RULES):
        values = {**given, "sequence": number, "company_id": company.id, "name": names["en_US"]}
        login, code = values.pop("login", None), values.pop("language", None)
        country = values.pop("country", None)
        if login:
            values["user_id"] = env["res.users"].search([("login", "=", login)]).id
        if code:
            values["lang_ids"] = [(6, 0, env["res.lang"].search([("code", "=", code)]).ids)]
        if country:
            values["country_ids"] = [(6, 0, env.ref(f"base.{country.lower()}").ids)]
        rule = env["tiktok.routing.rule"].create(values)
        for language in installed & names.keys():
            rule.with_context(lang=language).name = names[language]
    company.write({"tiktok_check_junk": True, "tiktok_absence_fallback": True})


def plan_junk(plan):
    """Return leads that are likely junk, submitted when another was.

    :param PlannedLead plan: of the other
    :rtype: list[PlannedLead]
    """
    return [
        plan._replace(
            entry={
                **plan.entry,
                "id": FIRST_UID + 7 + number,
                "changes": [{"field": name, "value": value} for name, value in answers.items()],
            }
        )
        for number, answers in enumerate(JUNK)
    ]
