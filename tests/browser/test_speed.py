"""A salesperson sees a lead pop up, calls, and the clock stops."""

import secrets

import pytest

from dev.demo import sample
from dev.odoo_rpc import post

PASSWORD = "walk-through-password"


@pytest.fixture
def seller(odoo):
    """Return the login of the only member of the company's team."""
    login = f"sara{secrets.randbelow(10**6)}"
    [group] = odoo.call(
        "ir.model.data",
        "search_read",
        [["module", "=", "sales_team"], ["name", "=", "group_sale_salesman"]],
        ["res_id"],
    )
    values = {"name": "Sara Seller", "login": login, "password": PASSWORD}
    values["group_ids"] = [(4, group["res_id"])]
    [user] = odoo.call("res.users", "create", [values])
    # Always open: at night the clock would show when the team opens.
    hours = {"name": "Always", "schedule_type": "flexible"}
    [calendar] = odoo.call("resource.calendar", "create", [hours])
    [team] = odoo.call("crm.team", "create", [{"name": "Callers", "tiktok_calendar_id": calendar}])
    odoo.call("crm.team.member", "create", [{"user_id": user, "crm_team_id": team}])
    company = odoo.call("res.company", "search", [], limit=1, order="id")
    chosen = {"tiktok_team_id": team, "tiktok_assignment": "round_robin"}
    odoo.call("res.company", "write", company, chosen)
    yield login
    before = {"tiktok_team_id": False, "tiktok_assignment": "manual"}
    odoo.call("res.company", "write", company, before)
    odoo.call("res.users", "write", [user], {"active": False})


def test_salesperson_sees_a_popup_calls_and_the_clock_stops(odoo, browser, seller):
    page = log_in_as(browser, odoo, seller)
    uid = send_lead(odoo)

    popup = page.locator(".o_tiktok_new_lead")
    popup.wait_for()
    assert "Ana María Pérez" in popup.inner_text()
    assert popup.locator("button:has-text('Call')").is_visible()
    assert popup.locator("button:has-text('WhatsApp')").is_visible()
    popup.locator("button:has-text('Open')").click()

    form = page.locator(".o_form_view")
    form.locator(".o_tiktok_clock:has-text('min since submitted')").wait_for()
    links = form.locator(".o_tiktok_call_buttons a")
    assert links.nth(0).get_attribute("href") == "tel:+56987654321"
    assert links.nth(1).get_attribute("href") == "https://wa.me/56987654321"
    assert not popup.is_visible()

    page.click(".o-mail-Activity:has-text('Call now') button:has-text('Mark Done')")
    page.fill(".o-mail-ActivityMarkAsDone textarea", "She wants two.")
    page.click(".o-mail-ActivityMarkAsDone button[aria-label='Done']")
    form.locator(".o_tiktok_clock_stopped:has-text('First contact after')").wait_for()

    [lead] = odoo.call(
        "crm.lead",
        "search_read",
        [["tiktok_lead_uid", "=", uid]],
        ["tiktok_first_contact_how", "tiktok_first_contact_user_id", "tiktok_response_seconds"],
    )
    odoo.call("crm.lead", "write", lead["id"], {"phone": "**21*+4915112345678#"})
    page.reload()
    form.locator(".o_tiktok_no_call:has-text('not a valid phone number')").wait_for()
    assert not links.count()  # it would forward all calls

    assert lead["tiktok_first_contact_how"] == "call"
    assert lead["tiktok_first_contact_user_id"][1] == "Sara Seller"
    assert 0 < lead["tiktok_response_seconds"] < 120
    page.context.close()


def log_in_as(browser, odoo, login):
    """Return a tab of a salesperson who is logged in to Odoo and connected to the bus."""
    profile = browser.new_context(viewport={"width": 1280, "height": 900})
    profile.set_default_timeout(30_000)
    page = profile.new_page()
    page.goto(f"{odoo.base}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_main_navbar", timeout=120_000)
    page.wait_for_function(
        "odoo.__WOWL_DEBUG__.root.env.services.bus_service.workerState === 'CONNECTED'"
    )
    return page


def send_lead(odoo):
    """Send a lead the way TikTok does and return its id.

    :rtype: str
    """
    config = odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
    url = odoo.base + config["webhook_url"][config["webhook_url"].index("/api/") :]
    uid = str(10**18 + secrets.randbelow(8 * 10**18))
    status, text = post(url, sample(uid))
    assert status == 200, text
    return uid
