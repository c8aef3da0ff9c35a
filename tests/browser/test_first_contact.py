"""A lead at night gets its message immediately and its call in the morning."""

import datetime
import os
import secrets

import pytest
from signal_steps import wait_for
from test_speed import PASSWORD, log_in_as, seller  # noqa: F401 - a fixture

from dev.demo import sample
from dev.odoo_rpc import post

ARRIVAL_HOUR, OPENING_HOUR = 23, 9
CALL_MINUTES, FIRST_RETRY_MINUTES = 10, 15  # of a company that changed nothing
SHOTS = os.environ.get("SHOTS")  # a folder for pictures, while one looks at the screens


class Night:
    """It is 23:00 where a team works, until the test lets the night pass.

    :param odoo: an administrator's session
    :param sql: runs a statement in Odoo's database
    :param int team: whose working hours are set
    """

    def __init__(self, odoo, sql, team):
        self._odoo, self._sql, self._team = odoo, sql, team
        now = datetime.datetime.now(datetime.timezone.utc)
        # At 23:17 the team opens at 9:17: its night passes in whole hours, as time zones differ.
        opening = OPENING_HOUR + now.minute / 60
        hours = {"hour_from": opening, "hour_to": opening + 8, "day_period": "morning"}
        days = [(0, 0, {"name": f"Day {day}", "dayofweek": str(day), **hours}) for day in range(7)]
        calendar = {"name": "Mornings", "company_id": False, "attendance_ids": [(5,), *days]}
        [self._calendar] = odoo.call("resource.calendar", "create", [calendar])
        self._set_hour(ARRIVAL_HOUR - now.hour)

    def _set_hour(self, offset):
        """Set the team's time zone by its hours from UTC."""
        self._offset = (offset + 12) % 24 - 12  # from -12 to 11
        zone = f"Etc/GMT{-self._offset:+}" if self._offset else "UTC"
        values = {"tiktok_tz": zone, "tiktok_calendar_id": self._calendar}
        self._odoo.call("crm.team", "write", [self._team], values)

    def pass_by(self, lead):
        """Let the night pass: the team opens in this minute, and the lead waited for hours."""
        hours = OPENING_HOUR + 24 - ARRIVAL_HOUR
        self._set_hour(self._offset + hours)
        names = ("submitted_at", "received_at", "assigned_at", "last_assigned_at", "opens_at")
        names = [f"tiktok_{name}" for name in (*names, "call_due_at", "remind_at")]
        self._move_back(lead, names, f"{hours} hours")

    def pass_until_next_try(self, lead):
        """Let the minutes until the next try pass, and have its reminder sent."""
        names = ["tiktok_next_try_at", "tiktok_try_remind_at"]
        self._move_back(lead, names, f"{FIRST_RETRY_MINUTES} minutes")
        self.run_job("ir_cron_speed_to_lead")

    def _move_back(self, lead, names, interval):
        moves = ", ".join(f"{name} = {name} - interval '{interval}'" for name in names)
        self._sql(f"UPDATE crm_lead SET {moves} WHERE id = %s", lead)  # noqa: S608 - our names

    def run_job(self, name):
        """Run a scheduled action now."""
        found = [["module", "=", "tiktok_leadgen"], ["name", "=", name]]
        [job] = self._odoo.call("ir.model.data", "search_read", found, ["res_id"])
        self._odoo.call("ir.cron", "method_direct_trigger", [job["res_id"]])


@pytest.fixture
def night(odoo, sql, seller):  # noqa: F811
    """Have it be 23:00 where the team of the seller works; first messages are on."""
    [company] = odoo.call("res.company", "search", [], limit=1, order="id")
    [read] = odoo.call("res.company", "read", [company], ["tiktok_team_id"])
    odoo.call("res.company", "write", [company], {"tiktok_message_email": True})
    # On a phone the chat of Odoo's tour would cover the lead.
    users = odoo.call("res.users", "search", [["login", "=", seller]])
    odoo.call("res.users", "write", users, {"odoobot_state": "disabled"})
    yield Night(odoo, sql, read["tiktok_team_id"][0])
    odoo.call("res.company", "write", [company], {"tiktok_message_email": False})
    sql("DELETE FROM tiktok_contact_attempt")


@pytest.fixture
def second(odoo, night, seller):  # noqa: F811
    """Have leads be claimed by a team that is always open; return its second member's login."""
    [company] = odoo.call("res.company", "search", [], limit=1, order="id")
    odoo.call("res.company", "write", [company], {"tiktok_assignment": "claim"})
    [read] = odoo.call("res.company", "read", [company], ["tiktok_team_id"])
    team = read["tiktok_team_id"][0]
    always = {"name": "Always", "flexible_hours": True, "company_id": False}
    [calendar] = odoo.call("resource.calendar", "create", [always])
    hours = {"tiktok_tz": False, "tiktok_calendar_id": calendar}
    odoo.call("crm.team", "write", [team], hours)
    [member] = odoo.call("res.users", "search_read", [["login", "=", seller]], ["group_ids"])
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


def read_time(values, name):
    """Return a time of a record, in UTC."""
    return datetime.datetime.fromisoformat(values[name])


def assert_message_now_and_call_later(odoo, lead):
    """Check that the lead was written to, and that its call is planned for when the team opens."""
    # Sent, or tried again later: there is no mail server here.
    sent = ["|", ["state", "=", "sent"], ["failure_count", ">", 0]]
    own = [["lead_id", "=", lead]]
    wait_for(lambda: odoo.call("tiktok.first.message", "search", own + sent))
    names = ["tiktok_call_due_at", "tiktok_opens_at", "tiktok_first_contact_at", "activity_ids"]
    [values] = odoo.call("crm.lead", "read", [lead], names)
    opens_at, due_at = (read_time(values, name) for name in names[1::-1])
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    waiting = datetime.timedelta(hours=OPENING_HOUR + 24 - ARRIVAL_HOUR)
    assert waiting - datetime.timedelta(minutes=2) < opens_at - now < waiting
    assert due_at - opens_at == datetime.timedelta(minutes=CALL_MINUTES)
    assert not values["tiktok_first_contact_at"]
    [call] = odoo.call("mail.activity", "read", values["activity_ids"], ["date_deadline"])
    assert call["date_deadline"] == str(due_at.date())


def open_lead(page, odoo, lead):
    """Open a lead whose links call no one, and return its form."""
    page.goto(f"{odoo.base}/odoo/crm/{lead}")
    form = page.locator(".o_form_view")
    form.locator(CALL).wait_for()
    stop_tel_links(page)
    return form


CALL = ".o_tiktok_call_links a[href^='tel:']"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en_US", "ar_001"])
def test_lead_at_night_no_answer_second_try_reached(
    odoo,
    browser,
    night,
    seller,  # noqa: F811
    arabic_code,
    width,
    language,
):
    users = odoo.call("res.users", "search", [["login", "=", seller]])
    odoo.call("res.users", "write", users, {"lang": language})
    page = log_in_as(browser, odoo, seller)
    page.set_viewport_size({"width": width, "height": 844})
    kind = f"{width}-{language[:2]}"
    lead = send_new_person(odoo)

    assert_message_now_and_call_later(odoo, lead)
    form = open_lead(page, odoo, lead)
    is_arabic = language == arabic_code
    assert page.locator("body.o_rtl").count() == is_arabic
    form.locator(".o_tiktok_clock.text-bg-info").wait_for()  # Opens at …
    thanks = form.locator(".o-mail-Message:has-text('We received your request')").first
    thanks.wait_for(state="attached")  # in the language of the lead, not of the salesperson
    shoot(page, f"night-{kind}")

    night.pass_by(lead)
    form = open_lead(page, odoo, lead)
    form.locator(".o_tiktok_clock.text-bg-success").wait_for()  # it counts since the opening
    reached = call_without_answer(page, form, kind)
    assert (reached == "Reached") != is_arabic
    assert_next_try_is_planned(odoo, lead)

    night.pass_until_next_try(lead)
    call_and_reach(page, form, kind)

    assert_both_attempts_are_logged(odoo, lead)
    assert_report_says_so(page, odoo, kind)
    page.context.close()


def call_without_answer(page, form, kind):
    """Call the lead, which does not answer, and return the label of the other outcome."""
    bar = page.locator(".o_tiktok_outcome_bar")
    form.locator(CALL).click()
    bar.locator("button[name=no_answer]").wait_for()
    reached = bar.locator("button[name=reached]").inner_text()
    shoot(page, f"asked-{kind}")
    bar.locator("button[name=no_answer]").click()
    bar.locator(".o_tiktok_outcome_set").wait_for()
    form.locator("[name=tiktok_next_try] [name=tiktok_next_try_at]").wait_for()
    shoot(page, f"no-answer-{kind}")
    bar.locator("button.btn-close").click()
    return reached


def call_and_reach(page, form, kind):
    """Call the lead again once its reminder pops up, and reach it; a slip is undone."""
    bar, popup = page.locator(".o_tiktok_outcome_bar"), page.locator(".o_tiktok_new_lead")
    popup.wait_for()
    shoot(page, f"second-try-{kind}")
    popup.locator(".o_notification_close").click()
    form.locator(CALL).click()
    bar.locator("button[name=wrong_number]").click()
    bar.locator("button[name=undo]").click()
    bar.locator("button[name=reached]").click()
    form.locator(".o_tiktok_clock_stopped").wait_for()
    shoot(page, f"reached-{kind}")


def assert_next_try_is_planned(odoo, lead):
    """Check that the lead is called again after some minutes: the team is open."""
    [values] = odoo.call("crm.lead", "read", [lead], ["tiktok_next_try_at", "tiktok_attempt_ids"])
    [tried] = odoo.call(
        "tiktok.contact.attempt", "read", values["tiktok_attempt_ids"], ["outcome_at"]
    )
    waiting = read_time(values, "tiktok_next_try_at") - read_time(tried, "outcome_at")
    planned = datetime.timedelta(minutes=FIRST_RETRY_MINUTES)
    assert abs(waiting - planned) < datetime.timedelta(seconds=5)


def assert_both_attempts_are_logged(odoo, lead):
    """Check what is stored of the calls, and that the second one stopped the clock."""
    domain = [["lead_id", "=", lead]]
    tries = odoo.call("tiktok.contact.attempt", "search_read", domain, ["outcome"])
    assert [one["outcome"] for one in tries] == ["reached", "no_answer"]
    [values] = odoo.call("crm.lead", "read", [lead], ["tiktok_first_contact_how"])
    assert values["tiktok_first_contact_how"] == "call"


def assert_report_says_so(page, odoo, kind):
    """Check what the seller's own report shows: the lead was reached within the target."""
    page.goto(f"{odoo.base}/odoo/tiktok-response")
    row = page.locator(".o_pivot tbody tr:has-text('Sara Seller')")
    row.wait_for()
    shoot(page, f"report-{kind}")
    leads, share, contacted, minutes = row.locator("td").all_inner_texts()
    assert (leads, contacted, share) == ("1", "1", "100%")
    assert 0 < float(minutes) < CALL_MINUTES


@pytest.mark.usefixtures("night")
def test_bar_is_there_after_a_reload(odoo, browser, seller):  # noqa: F811
    page = log_in_as(browser, odoo, seller)
    form, bar = open_lead(page, odoo, send_new_person(odoo)), page.locator(".o_tiktok_outcome_bar")
    form.locator(CALL).click()
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


def test_first_click_claims_and_the_other_notification_goes(
    odoo,
    browser,
    seller,  # noqa: F811
    second,
):
    one, other = log_in_as(browser, odoo, seller), log_in_as(browser, odoo, second)
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
