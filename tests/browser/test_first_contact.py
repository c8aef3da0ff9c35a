"""A lead at night gets its message immediately and its call in the morning."""

import datetime
import os
import secrets
import time

import pytest
from test_speed import PASSWORD, log_in_as, seller  # noqa: F401 - a fixture

from dev.demo import sample
from dev.odoo_rpc import post

SECONDS = 90  # for a job on a busy machine
SHOTS = os.environ.get("SHOTS")  # a folder for pictures, while one looks at the screens


@pytest.fixture
def night(odoo, sql, seller):  # noqa: F811
    """Have it be 23:00 where the team of the seller works, and return the seller's login."""
    hour = datetime.datetime.now(datetime.timezone.utc).hour
    offset = (23 - hour + 12) % 24 - 12  # from -12 to 11
    zone = f"Etc/GMT{-offset:+}" if offset else "UTC"
    [company] = odoo.call("res.company", "search", [], limit=1, order="id")
    [read] = odoo.call("res.company", "read", [company], ["tiktok_team_id"])
    hours = {"tiktok_tz": zone, "tiktok_calendar_id": False}
    odoo.call("crm.team", "write", [read["tiktok_team_id"][0]], hours)
    odoo.call("res.company", "write", [company], {"tiktok_message_email": True})
    # On a phone the chat of Odoo's tour would cover the lead.
    users = odoo.call("res.users", "search", [["login", "=", seller]])
    odoo.call("res.users", "write", users, {"odoobot_state": "disabled"})
    yield seller
    odoo.call("res.company", "write", [company], {"tiktok_message_email": False})
    sql("DELETE FROM tiktok_contact_attempt")


@pytest.fixture
def second(odoo, night):
    """Have leads be claimed by a team that is always open; return its second member's login."""
    [company] = odoo.call("res.company", "search", [], limit=1, order="id")
    odoo.call("res.company", "write", [company], {"tiktok_assignment": "claim"})
    [read] = odoo.call("res.company", "read", [company], ["tiktok_team_id"])
    team = read["tiktok_team_id"][0]
    always = {"name": "Always", "flexible_hours": True, "company_id": False}
    [calendar] = odoo.call("resource.calendar", "create", [always])
    hours = {"tiktok_tz": False, "tiktok_calendar_id": calendar}
    odoo.call("crm.team", "write", [team], hours)
    [member] = odoo.call("res.users", "search_read", [["login", "=", night]], ["group_ids"])
    login = f"second{secrets.randbelow(10**6)}"
    values = {"name": "Tom Second", "login": login, "password": PASSWORD}
    values["group_ids"] = [(6, 0, member["group_ids"])]
    [user] = odoo.call("res.users", "create", [values])
    odoo.call("crm.team.member", "create", [{"user_id": user, "crm_team_id": team}])
    yield login
    odoo.call("res.users", "write", [user], {"active": False})


def send_new_person(odoo):
    """Send a lead of a person who is not known, and return it."""
    config = odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
    url = odoo.base + config["webhook_url"][config["webhook_url"].index("/api/") :]
    number = secrets.randbelow(10**7)
    uid = str(7_600_000_000_000_000_000 + secrets.randbelow(10**15))
    body = sample(uid)
    for change in body["entry"][0]["changes"]:
        if change["field"] == "email":
            change["value"] = f"night{number}@example.com"
        if change["field"] == "phone_number":
            change["value"] = f"+56 9 8{number:07}"
    assert post(url, body) == (200, "OK")
    return wait_for(lambda: odoo.call("crm.lead", "search", [["tiktok_lead_uid", "=", uid]]))[0]


def wait_for(condition):
    """Return what a condition gives as soon as it gives something."""
    deadline = time.monotonic() + SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def shoot(page, name):
    """Take a picture where one is wanted."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def stop_tel_links(page):
    """Let a click on a phone number stay in the page: no program of this machine calls."""
    page.evaluate(
        """document.addEventListener('click', (event) => {
            if (event.target.closest("a[href^='tel:']")) { event.preventDefault(); }
        }, true)"""
    )


def assert_message_now_and_call_later(odoo, lead):
    """Check that the lead was written to, and that its call is due when the team opens."""
    sent = [["lead_id", "=", lead], ["state", "=", "sent"]]
    wait_for(lambda: odoo.call("tiktok.first.message", "search", sent))
    names = ["tiktok_call_due_at", "tiktok_opens_at", "tiktok_first_contact_at"]
    [values] = odoo.call("crm.lead", "read", [lead], names)
    opens_at = datetime.datetime.fromisoformat(values["tiktok_opens_at"])
    due_at = datetime.datetime.fromisoformat(values["tiktok_call_due_at"])
    assert opens_at > datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert due_at - opens_at == datetime.timedelta(minutes=10)
    assert not values["tiktok_first_contact_at"]


@pytest.mark.parametrize("width", [1280, 390])
def test_lead_at_night_no_answer_second_try_reached(odoo, browser, night, width):
    page = log_in_as(browser, odoo, night)
    page.set_viewport_size({"width": width, "height": 844})
    lead = send_new_person(odoo)

    assert_message_now_and_call_later(odoo, lead)

    page.goto(f"{odoo.base}/odoo/crm/{lead}")
    form, bar = page.locator(".o_form_view"), page.locator(".o_tiktok_outcome_bar")
    form.locator(".o_tiktok_call_links a:has-text('Call')").wait_for()
    form.locator(".o-mail-Message:has-text('We received your request')").first.wait_for(
        state="attached"
    )
    stop_tel_links(page)
    form.locator(".o_tiktok_call_links a:has-text('Call')").click()
    bar.locator("button[name=no_answer]").wait_for()
    shoot(page, f"asked-{width}")
    bar.locator("button[name=no_answer]").click()
    bar.locator(".o_tiktok_outcome_set:has-text('Next try')").wait_for()
    form.locator("[name=tiktok_next_try] [name=tiktok_next_try_at]").wait_for()
    shoot(page, f"no-answer-{width}")
    assert form.locator(".o_tiktok_clock").count()

    bar.locator("button[aria-label=Close]").click()
    form.locator(".o_tiktok_call_links a:has-text('Call')").click()
    bar.locator("button[name=wrong_number]").click()
    bar.locator("button[name=undo]").click()
    bar.locator("button[name=reached]").click()
    form.locator(".o_tiktok_clock_stopped:has-text('First contact after')").wait_for()
    shoot(page, f"reached-{width}")

    names = ["outcome", "user_id"]
    tries = odoo.call("tiktok.contact.attempt", "search_read", [["lead_id", "=", lead]], names)
    assert [one["outcome"] for one in tries] == ["reached", "no_answer"]
    [values] = odoo.call("crm.lead", "read", [lead], ["tiktok_first_contact_how"])
    assert values["tiktok_first_contact_how"] == "call"
    page.context.close()


def test_bar_is_there_after_a_reload(odoo, browser, night):
    page = log_in_as(browser, odoo, night)
    lead = send_new_person(odoo)
    page.goto(f"{odoo.base}/odoo/crm/{lead}")
    form, bar = page.locator(".o_form_view"), page.locator(".o_tiktok_outcome_bar")
    form.locator(".o_tiktok_call_links a:has-text('Call')").wait_for()
    stop_tel_links(page)
    form.locator(".o_tiktok_call_links a:has-text('Call')").click()
    bar.wait_for()
    page.reload()
    bar.wait_for()
    bar.locator("button[aria-label=Close]").click()
    form.locator("button[name=tiktok_ask_outcome]").click()
    bar.locator("button[name=wrong_number]").click()
    form.locator(".o_tiktok_no_call:has-text('marked the phone number as wrong')").wait_for()
    shoot(page, "wrong-number")
    assert not form.locator(".o_tiktok_call_links").count()
    page.context.close()


def test_first_click_claims_and_the_other_notification_goes(odoo, browser, night, second):
    one, other = log_in_as(browser, odoo, night), log_in_as(browser, odoo, second)
    lead = send_new_person(odoo)

    other.locator(".o_tiktok_new_lead:has-text('to claim')").wait_for()
    popup = one.locator(".o_tiktok_new_lead:has-text('to claim')")
    popup.wait_for()
    shoot(one, "claim")
    popup.locator("button:has-text('Assign to Me')").click()
    one.locator(".o_form_view .o_tiktok_call_links").wait_for()
    other.locator(".o_tiktok_new_lead").wait_for(state="detached")
    [values] = odoo.call("crm.lead", "read", [lead], ["user_id"])
    assert values["user_id"][1] == "Sara Seller"
    one.context.close()
    other.context.close()
