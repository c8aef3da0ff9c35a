"""What an ad and its lead cost: from the button to the pivot, the lead and the alert."""

from ad_accounts import receive_leads
from cost_steps import PIVOT_ROW, assert_cost_alert, fetch_costs, submit_paid_lead


def test_what_a_lead_cost(page, odoo, ads):
    account_id = ads.connect(page)
    receive_leads(page)
    lead_id, _uid, day = submit_paid_lead(page, ads, {"name": "Costly"})
    fetch_costs(page, ads, account_id)

    (lead,) = odoo.call("crm.lead", "read", [lead_id], ["tiktok_cost", "tiktok_ad_uid"])
    rows = ads.tiktok.final_spend(advertiser_id=ads.uid, first=str(day), last=str(day))
    cents = next(cents for ad, _day, cents in rows if ad == lead["tiktok_ad_uid"])
    assert round(100 * lead["tiktok_cost"]) == cents > 0

    page.goto(f"{odoo.base}/odoo/tiktok-return")
    page.wait_for_selector(PIVOT_ROW)
    header = page.inner_text(".o_pivot thead")
    assert "Cost per lead" in header
    assert "ROAS" in header
    campaign = page.locator(PIVOT_ROW, has_text="Spring living room").first
    assert campaign.locator("td").count() >= 10

    page.goto(f"{odoo.base}/odoo/action-crm.crm_lead_all_leads/{lead_id}")
    page.click(".o_notebook .nav-link:has-text('TikTok')")
    page.wait_for_selector("[name=tiktok_cost]:visible")
    assert f"{cents / 100:,.2f}" in page.inner_text("[name=tiktok_cost]")

    page.goto(f"{odoo.base}/odoo/tiktok-overview")
    page.wait_for_selector("[data-card=cost] [data-cost=spend]")
    assert "Cost per lead" in page.inner_text("[data-card=cost]")


def test_an_alert_of_costs(page, odoo, ads, low_cost_limit):
    account_id = ads.connect(page)
    fetch_costs(page, ads, account_id)
    assert_cost_alert(page, odoo, account_id)
    page.click(".alert:has-text('A qualified lead cost') button:has-text('Cost and return')")
    page.wait_for_selector(PIVOT_ROW)
    page.goto(f"{odoo.base}/odoo/tiktok")
    page.click("[name=cost_banner] button:has-text('Review')")
    page.wait_for_selector(".o_data_row, .o_form_view")
