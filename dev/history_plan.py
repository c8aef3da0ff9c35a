"""Which leads the demo had: the same for the same day."""

import datetime
import random
import typing

from dev import history_people

DAYS = 60
SEED = 15
ADVERTISER_UID = 7163948356417550001  # of the addon's own demo data
FIRST_UID = 7_590_000_000_000_000_000
HOURS = (7, 20)  # when people fill in forms, UTC
# The newest leads wait for a first contact: minutes ago.
WAITING_MINUTES = (4, 7, 26, 95)
SHARES = {"won": 0.16, "lost": 0.24, "qualified": 0.3}  # of leads that are old enough
OLD_DAYS = 4  # from when a lead is won or lost
REPEATS_EVERY = 40  # leads, one of which is of a person who is known


class PlannedLead(typing.NamedTuple):
    """One lead as it will be."""

    moment: datetime.datetime  # of its submission, UTC without a zone
    entry: dict  # as TikTok sends it
    outcome: str  # won, lost, qualified, called, or empty while it waits for a first contact
    answer: float  # how fast the salesperson is within their range, 0 to 1
    revenue: float  # what the company earns of the budget


def plan_leads(now):
    """Plan all leads; for the same day always the same.

    :param datetime.datetime now: UTC without a zone
    :return: the oldest first
    :rtype: list[PlannedLead]
    """
    chance = random.Random(SEED)
    moments = []
    for age in range(DAYS, 0, -1):
        day = (now - datetime.timedelta(days=age)).replace(hour=0, minute=0, second=0)
        quiet = day.weekday() >= 5
        count = round((2.2 + 2.6 * (DAYS - age) / DAYS) * (0.55 if quiet else 1) + chance.random())
        for _lead in range(count):
            seconds = chance.randrange(HOURS[0] * 3600, HOURS[1] * 3600)
            moments.append(day.replace(microsecond=0) + datetime.timedelta(seconds=seconds))
    moments = sorted(moment for moment in moments if moment < now - datetime.timedelta(hours=5))
    plans, known = [], []
    for number, moment in enumerate(moments):
        plans.append(_plan_lead(chance, number, moment, now, known))
    for minutes in reversed(WAITING_MINUTES):
        moment = (now - datetime.timedelta(minutes=minutes)).replace(microsecond=0)
        plan = _plan_lead(chance, len(plans), moment, now, known)
        plans.append(plan._replace(outcome=""))
    return plans


def _plan_lead(chance, number, moment, now, known):
    form = chance.choices(history_people.FORMS, [form["weight"] for form in history_people.FORMS])[
        0
    ]
    if known and number % REPEATS_EVERY == REPEATS_EVERY - 1:
        person = chance.choice(known)
    else:
        first, last = map(chance.choice, history_people.PEOPLE[form["language"]])
        mail = f"{chance.choice(history_people.MAIL_NAMES)}.{number}@example.com"
        digits = 2_000_000 + 7919 * number % 7_000_000
        person = {"name": f"{first} {last}", "email": mail, "phone": form["phone"].format(digits)}
        known.append(person)
    budget, budgets = form["budget"]
    more, choices = form["more"]
    answers = {
        "name": person["name"],
        "phone_number": person["phone"],
        "email": person["email"],
        budget: chance.choice(budgets),
        more: chance.choice(choices),
    }
    outcome = "called"
    if (now - moment).days >= OLD_DAYS:
        outcome = chance.choices([*SHARES, "called"], [*SHARES.values(), 1 - sum(SHARES.values())])[
            0
        ]
    entry = _build_entry(chance, number, moment, form, answers)
    return PlannedLead(moment, entry, outcome, chance.random(), form["revenue"])


def _build_entry(chance, number, moment, form, answers):
    """Return a lead in the shape TikTok documents.

    :rtype: dict
    """
    campaign, adgroup, ad = form["campaign"], form["adgroup"], chance.choice(form["ads"])
    return {
        "id": FIRST_UID + 1_000_003 * (number + 1),
        "lead_source": "INSTANT_FORM",
        "page_id": form["page_id"],
        "page_name": form["page_name"],
        "advertiser_id": ADVERTISER_UID,
        "advertiser_name": "ACME Ads",
        "library_id": 0,
        "campaign_id": campaign[0],
        "campaign_name": campaign[1],
        "adgroup_id": adgroup[0],
        "adgroup_name": adgroup[1],
        "ad_id": ad[0],
        "ad_name": ad[1],
        "create_time": int(moment.replace(tzinfo=datetime.timezone.utc).timestamp()),
        "changes": [{"field": field, "value": value} for field, value in answers.items()],
    }
