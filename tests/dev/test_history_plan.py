"""The demo's history is the same each time, and has something of everything."""

import collections
import datetime

from dev import history_ads, history_people, history_plan, history_routing, site

NOW = datetime.datetime(2026, 11, 30, 19, 0)  # noqa: DTZ001 - UTC, as Odoo writes times


def test_history_of_a_day_is_always_the_same():
    plans = history_plan.plan_leads(NOW)
    assert plans == history_plan.plan_leads(NOW)
    # An hour later only what is new waits.
    later = history_plan.plan_leads(NOW + datetime.timedelta(hours=1))
    assert [plan.entry for plan in later][:150] == [plan.entry for plan in plans][:150]


def test_history_covers_sixty_days_all_forms_and_all_outcomes():
    plans = history_plan.plan_leads(NOW)
    moments = [plan.moment for plan in plans]
    assert moments == sorted(moments)
    assert (NOW - moments[0]).days in (59, 60)
    assert len({moment.date() for moment in moments}) > 50
    assert {plan.entry["page_id"] for plan in plans} == {
        form["page_id"] for form in history_people.FORMS
    }
    outcomes = collections.Counter(plan.outcome for plan in plans)
    assert min(outcomes[name] for name in ("won", "lost", "qualified", "called")) > 15
    assert outcomes[""] == len(history_plan.WAITING_MINUTES)
    assert len({plan.entry["id"] for plan in plans}) == len(plans)


def test_history_has_people_who_come_again():
    mails = collections.Counter(
        change["value"]
        for plan in history_plan.plan_leads(NOW)
        for change in plan.entry["changes"]
        if change["field"] == "email"
    )
    assert 1 < sum(count > 1 for count in mails.values()) < 10


def test_each_ad_costs_something_on_each_day_and_its_leads_are_counted():
    plans = history_plan.plan_leads(NOW)
    costs = history_ads.plan_costs(NOW, plans)
    assert costs == history_ads.plan_costs(NOW, plans)
    ads = [ad for form in history_people.FORMS for ad in form["ads"]]
    assert len(costs) == len(ads) * (history_plan.DAYS + 1)
    assert sum(cost.form_count for cost in costs) == len(plans)
    assert all(cost.impressions >= cost.clicks >= cost.form_count for cost in costs)
    average = sum(cost.spend for cost in costs) / len(plans)
    assert 15 < average < 80


def test_likely_junk_has_numbers_of_its_own():
    plans = history_plan.plan_leads(NOW)
    junk = history_routing.plan_junk(plans[-1])
    assert len({plan.entry["id"] for plan in (*plans, *junk)}) == len(plans) + 2
    for plan in junk:
        fields = {change["field"] for change in plan.entry["changes"]}
        assert fields == {"name", "phone_number", "email"}


def test_rules_are_named_in_each_language_of_the_demo():
    assert {frozenset(names) for names, _values in history_routing.RULES} == {
        frozenset(("en_US", *site.LANGUAGES))
    }
