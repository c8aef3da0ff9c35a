"""What the walks do with leads that TikTok is told about, in Odoo and at TikTok."""

import time

from playwright.sync_api import TimeoutError as PageTimeoutError

SECONDS = 90  # for a job, or a whole Odoo, on a busy machine
SAVED = ".o_form_status_indicator_buttons.invisible"
VALUE = 1250.5  # of the lead that is won
CLICK_MS, CLICKS = 5_000, 6


def wait_for(condition):
    """Return what a condition gives as soon as it gives something."""
    deadline = time.monotonic() + SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def click_until_called(page, method):
    """Click the button of a method until Odoo is called.

    A click is lost where the form is drawn again between pressing and releasing the mouse.
    """
    for _try in range(CLICKS):
        try:
            with page.expect_request(f"**/call_button/**/{method}*", timeout=CLICK_MS):
                page.click(f"button[name={method}]:visible")
        except PageTimeoutError:
            continue
        return
    raise AssertionError(f"{method} was not called.")


def events_at(tiktok, event_set_uid):
    """Return the events of an event set at TikTok."""
    return [event for event in tiktok.crm_events() if event["event_source_id"] == event_set_uid]


def check_event_set(page, token):
    """Enter the token of the open event set, check it and have events suggested."""
    page.locator("[name=token] input:visible").fill(token)
    page.click("button[name=action_check]:visible")
    page.wait_for_selector(".o_notification:has-text('Nothing was sent')")
    page.wait_for_selector("[name=token] input[placeholder^='Set.']:visible")
    page.click("button:has-text('Suggest Events'):visible")
    page.wait_for_selector("[name=rule_ids] .o_data_row:has-text('Converted')")
    assert "Qualified" in page.inner_text("[name=rule_ids]")


def qualify_and_win(page, odoo, tiktok, lead_id, event_set_uid):
    """Qualify a lead, then win it; TikTok gets an event of each."""
    page.goto(f"{odoo.base}/odoo/crm.lead/{lead_id}")
    page.fill("[name=expected_revenue] input", str(VALUE))
    page.click(".o_statusbar_status button:has-text('Qualified')")
    page.wait_for_selector(SAVED, state="attached")
    wait_for(lambda: len(events_at(tiktok, event_set_uid)) == 1)
    click_until_called(page, "action_set_won_rainbowman")
    wait_for(lambda: len(events_at(tiktok, event_set_uid)) == 2)


def assert_events_shown_once(page, tiktok, lead_uid):
    """Check that TikTok's page shows both events of a lead once, the second with its value."""
    page.goto(f"{tiktok.url}/signals/")
    rows = page.locator(f"tr[data-lead='{lead_uid}']")
    assert rows.count() == 2
    qualified, won = (rows.nth(number).inner_text() for number in range(2))
    assert "Qualified" in qualified
    assert "Converted" in won
    assert "1250.50" in won
    assert "received" not in qualified + won
