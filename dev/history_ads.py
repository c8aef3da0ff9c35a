"""The demo's side of tiktok_ads: what its ads cost, CRM events, audiences."""

import collections
import datetime
import decimal
import random
import typing

from dev import history_people
from dev.history_plan import ADVERTISER_UID, DAYS, SEED

EVENT_SET_UID = "7600000000000000701"  # the local TikTok gets an event set of this number, too
SPEND_SHARE = 0.03  # of a form's weight: what one of its ads costs on a day, at least
IMPRESSIONS = (170, 260)  # for one unit of money
CLICK_RATE = (0.007, 0.016)
SENT_SECONDS = 40  # from what happened to the event at TikTok
AUDIENCES = (("Won leads", "won"), ("Customers", "customer"), ("Lost leads", "junk"))


class PlannedCost(typing.NamedTuple):
    """What one ad cost on one day."""

    day: datetime.date
    form: dict  # of `history_people.FORMS`
    ad: tuple  # its number and name
    spend: decimal.Decimal
    impressions: int
    clicks: int
    form_count: int


def plan_costs(now, plans):
    """Plan what each ad cost on each day; for the same day always the same.

    :param datetime.datetime now: UTC without a zone
    :param list[PlannedLead] plans: of the same moment
    :rtype: list[PlannedCost]
    """
    leads = collections.Counter((plan.moment.date(), plan.entry["ad_id"]) for plan in plans)
    chance, costs = random.Random(SEED), []
    for age in range(DAYS, -1, -1):
        day = (now - datetime.timedelta(days=age)).date()
        part = 1 if age else (now.hour + now.minute / 60) / 24
        for form in history_people.FORMS:
            for ad in form["ads"]:
                count = leads[day, ad[0]]
                costs.append(_plan_cost(chance, day, form, ad, count, part))
    return [cost for cost in costs if cost.spend]


def _plan_cost(chance, day, form, ad, count, part):
    """Return the cost of an ad on a day of which a part is over.

    :rtype: PlannedCost
    """
    least = form["weight"] * form["cost"] * SPEND_SHARE / len(form["ads"])
    quiet = 0.7 if day.weekday() >= 5 else 1
    spend = round(least * quiet * part * (1 + chance.random()) + count * form["cost"] / 2, 2)
    impressions = int(spend * chance.uniform(*IMPRESSIONS))
    clicks = max(count, int(impressions * chance.uniform(*CLICK_RATE)))
    money = decimal.Decimal(str(spend))
    return PlannedCost(day, form, ad, money, impressions, clicks, count)


def prepare_signals(env, company):
    """Make the event set whose rules report what salespeople do.

    :param odoo.api.Environment env: with all rights
    :param company: res.company
    """
    advertiser = find_advertiser(env)
    event_set = env["tiktok.event.set"].create(
        {
            "name": "Odoo CRM",
            "event_set_uid": EVENT_SET_UID,
            "advertiser_id": advertiser.id,
            "company_id": company.id,
        }
    )
    event_set.action_suggest_rules()
    lost = {"lost_reason_id": env["crm.lost.reason"].search([], order="id", limit=1).id}
    event_set.write({"rule_ids": [(0, 0, {**lost, "event_name": "Unqualified", "sequence": 30})]})


def store_costs(env, company, now, plans):
    """Store the costs as the nightly fetch does.

    :param odoo.api.Environment env: with all rights
    :param company: res.company
    :param datetime.datetime now: UTC without a zone
    :param list[PlannedLead] plans: of the same moment
    """
    advertiser = find_advertiser(env)
    first = (now - datetime.timedelta(days=DAYS)).date()
    advertiser.write(
        {
            "spend_currency_id": company.currency_id.id,
            "spend_time_zone": "UTC",
            "spend_stage": "done",
            "spend_fetched_at": now,
            "spend_until": now.date(),
            "spend_from": first,
            "spend_checked_from": first,
        }
    )
    rows = [build_row(cost, company.currency_id.name) for cost in plan_costs(now, plans)]
    env["tiktok.ad.spend"]._store_ad_days(advertiser, rows, now)


def build_row(cost, currency):
    """Return a cost as a report of TikTok's has it.

    :param PlannedCost cost: of one ad and day
    :param str currency: its code
    :rtype: odoo.addons.tiktok_ads.tiktok.spend_report.AdDay
    """
    from odoo.addons.tiktok_ads.tiktok.spend_report import AdDay

    campaign, adgroup = cost.form["campaign"], cost.form["adgroup"]
    return AdDay(
        ad_uid=str(cost.ad[0]),
        day=cost.day,
        campaign_uid=str(campaign[0]),
        adgroup_uid=str(adgroup[0]),
        names={"campaign": campaign[1], "adgroup": adgroup[1], "ad": cost.ad[1]},
        currency=currency,
        spend=cost.spend,
        impressions=cost.impressions,
        clicks=cost.clicks,
        form_count=cost.form_count,
    )


def send_events(env):
    """Have the events that wait be sent, each a little after it happened; one was refused.

    :param odoo.api.Environment env: with all rights
    """
    env.flush_all()
    env.cr.execute(
        """UPDATE tiktok_crm_event event
              SET state = 'sent', sent_at = occurred_at + interval '1 second' * %s,
                  has_email = lead.email_normalized IS NOT NULL,
                  has_phone = lead.phone_sanitized IS NOT NULL
             FROM crm_lead lead WHERE lead.id = event.lead_id AND event.state = 'pending'""",
        [SENT_SECONDS],
    )
    env.cr.execute(
        """UPDATE tiktok_crm_event
              SET state = 'refused', reason = 'refused', sent_at = NULL,
                  refusal = 'Event time is later than the current time.'
            WHERE id = (SELECT max(id) FROM tiktok_crm_event WHERE state = 'sent')"""
    )
    env.invalidate_all()


def make_audiences(env, company):
    """Make the audiences and count their people, as the weekly refresh does.

    :param odoo.api.Environment env: with all rights
    :param company: res.company
    """
    advertiser = find_advertiser(env)
    audiences = env["tiktok.audience"].create(
        [
            {
                "name": name,
                "kind": kind,
                "advertiser_id": advertiser.id,
                "company_id": company.id,
            }
            for name, kind in AUDIENCES
        ]
    )
    for audience in audiences:
        audience._refresh_audience()


def find_advertiser(env):
    """Return the ad account of the addon's demo data.

    :param odoo.api.Environment env: with all rights
    :rtype: tiktok.advertiser
    """
    return env["tiktok.advertiser"].search([("advertiser_uid", "=", str(ADVERTISER_UID))])
