"""What the walks do with the costs of ad accounts."""

import datetime

from ad_accounts import wait_for_lead

PIVOT_ROW = ".o_pivot tbody tr"


def submit_paid_lead(page, ads, answers, days_ago=2):
    """Have a person submit the form of an ad some days ago.

    :return: id of the lead, TikTok's ID of it, and its day
    :rtype: tuple[int, str, datetime.date]
    """
    noon = datetime.datetime.now(datetime.UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    moment = noon - datetime.timedelta(days=days_ago)
    made = ads.tiktok.submit_lead(ads.form["page_id"], answers, when=moment.timestamp())
    found = wait_for_lead(page, ads.odoo, made["lead_id"])
    return found["id"], made["lead_id"], moment.date()


def fetch_costs(page, ads, account_id):
    """Click the button and wait for the last days; the earlier months take longer."""
    page.goto(f"{ads.odoo.base}/odoo/tiktok-ad-accounts/{account_id}")
    page.click("button[name=action_fetch_spend]:visible")
    page.click(".o_notebook .nav-link:has-text('Costs')")
    page.wait_for_selector("[name=spend_fetched_at]:visible:not(:empty)")
    domain = [["id", "=", account_id], ["spend_stage", "!=", "recent"]]
    for _try in range(300):
        if ads.odoo.call("tiktok.advertiser", "search_count", domain):
            return
        page.wait_for_timeout(100)
    raise AssertionError("The costs were not fetched.")


def assert_cost_alert(page, odoo, account_id):
    """Check that the ad account shows the alert, and that its user has an activity."""
    page.goto(f"{odoo.base}/odoo/tiktok-ad-accounts/{account_id}")
    page.wait_for_selector(".alert:has-text('A qualified lead cost'):visible")
    page.wait_for_selector(".o-mail-Activity:has-text('cost too much')")
