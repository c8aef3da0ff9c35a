"""The whole loop: an ad brings a lead, TikTok learns that it was good, Odoo what it cost."""

import datetime

from ad_accounts import STATUSBAR, receive_leads
from cost_steps import PIVOT_ROW, assert_cost_alert, fetch_costs, submit_paid_lead
from signal_steps import VALUE, assert_events_shown_once, check_event_set, qualify_and_win

COUNTER = ".o-mail-ActivityMenu-counter"


def connect_event_set(page, ads):
    """Create the event set at TikTok from Odoo, check it, and have events suggested.

    :return: TikTok's ID of it
    :rtype: str
    """
    page.goto(f"{ads.odoo.base}/odoo/tiktok-event-sets/new")
    page.fill("[name=name] input, [name=name] textarea", "The loop")
    account = ads.odoo.call("tiktok.advertiser", "search_read", [], ["name"])[0]["name"]
    page.fill("[name=advertiser_id] input", account)
    page.click(f".o-autocomplete--dropdown-item:has-text('{account}')")
    page.click(".o_form_button_save:visible")
    page.click("button[name=action_create_remote]:visible")
    page.wait_for_selector(f"{STATUSBAR}:has-text('Ready')")  # by the ad account's connection
    [found] = ads.odoo.call("tiktok.event.set", "search_read", [], ["event_set_uid"])
    uid = found["event_set_uid"]
    check_event_set(page, ads.tiktok.grant_event_token(event_set_id=uid))
    return uid


def test_from_the_ad_to_the_cost_of_a_won_lead(
    page, odoo, tiktok, ads, forget_events, low_cost_limit
):
    account_id = ads.connect(page)
    receive_leads(page)
    event_set_uid = connect_event_set(page, ads)
    answers = {"name": "Good Lead", "email": "good@example.com"}
    lead_id, lead_uid, _day = submit_paid_lead(page, ads, answers)
    odoo.call("crm.lead", "write", [lead_id], {"type": "opportunity"})
    qualify_and_win(page, odoo, tiktok, lead_id, event_set_uid)
    assert_events_shown_once(page, tiktok, lead_uid)

    fetch_costs(page, ads, account_id)
    page.goto(f"{odoo.base}/odoo/tiktok-event-sets")
    page.click(".o_data_row:has-text('The loop') [name=name]")
    assert page.inner_text("[name=reported_count]:visible") == "2"  # matched with the ad
    assert page.inner_text("[name=reported_of_count]:visible") == "2"
    assert_pivot(page, ads, lead_id)

    assert_cost_alert(page, odoo, account_id)
    assert int(page.inner_text(COUNTER)) >= 1
    page.click(f"{COUNTER} >> xpath=..")
    page.wait_for_selector(".o-mail-ActivityGroup:has-text('ad account')")


def assert_pivot(page, ads, lead_id):
    """Check cost and revenue of the lead's campaign in the pivot, by TikTok's own figures."""
    (lead,) = ads.odoo.call("crm.lead", "read", [lead_id], ["tiktok_campaign_uid", "tiktok_cost"])
    today = datetime.datetime.now(datetime.UTC).date()
    first, last = today - datetime.timedelta(days=29), today - datetime.timedelta(days=2)
    mine = [["campaign_uid", "=", lead["tiktok_campaign_uid"]], ["date", ">=", str(first)]]
    stored = ads.odoo.call("tiktok.ad.spend", "search_read", mine, ["ad_uid", "date", "spend"])
    truth = ads.tiktok.final_spend(advertiser_id=ads.uid, first=str(first), last=str(last))
    own = {row["ad_uid"] for row in stored}
    final = [round(100 * row["spend"]) for row in stored if row["date"] <= str(last)]
    assert sum(final) == sum(cents for ad, _day, cents in truth if ad in own) > 0

    page.goto(f"{ads.odoo.base}/odoo/tiktok-return")
    page.wait_for_selector(PIVOT_ROW)
    shown_from = today - datetime.timedelta(days=89)  # as the filter of the pivot
    by_ad = [["campaign_id.uid", "=", lead["tiktok_campaign_uid"]], ["date", ">=", str(shown_from)]]
    [sums] = ads.odoo.call(
        *("tiktok.return.report", "formatted_read_group", by_ad, []),
        *(["cost:sum", "won_count:sum", "won_revenue:sum"],),
    )
    assert (sums["won_count:sum"], sums["won_revenue:sum"]) == (1, VALUE)
    row = page.locator(PIVOT_ROW, has_text="Spring living room").first.inner_text()
    assert f"{sums['cost:sum']:,.2f}" in row
    assert f"{VALUE:,.2f}" in row
    assert f"{sums['won_revenue:sum'] / sums['cost:sum']:.2f}" in row
