"""A sales manager writes a routing rule, sees what it would decide, and decides about junk."""

import os
import pathlib
import secrets
import time

import pytest
from signal_steps import SAVED

from dev.demo import sample
from dev.odoo_rpc import post

PICTURES = os.environ.get("ROUTING_PICTURES")  # a folder: screens are photographed there
LONGEST_SECONDS = 60  # until a lead that was sent is there
WIDTHS = {"desk": (1280, 800), "phone": (390, 844)}


def photograph(page, name):
    """Photograph a screen on a desk and on a phone, where a folder is given."""
    if not PICTURES:
        return
    for kind, (width, height) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        page.screenshot(path=str(pathlib.Path(PICTURES) / f"{name}-{kind}.png"))
    width, height = WIDTHS["desk"]
    page.set_viewport_size({"width": width, "height": height})


@pytest.fixture
def rules(odoo):
    """Return the prefix of the names of the test's rules; they are deleted afterwards."""
    prefix = f"Walk {secrets.token_hex(3)}"
    yield prefix
    found = odoo.call("tiktok.routing.rule", "search", [["name", "like", prefix]])
    odoo.call("tiktok.routing.rule", "unlink", found)


def test_manager_writes_a_rule_and_sees_what_it_would_decide(page, odoo, rules):
    page.goto(f"{odoo.base}/odoo/tiktok-routing")
    page.locator(".o_list_view, .o_view_nocontent").first.wait_for()
    photograph(page, "rules-empty")
    page.click(".o_list_button_add")
    form = page.locator(".o_form_view")
    form.locator("[name='name'] input, [name='name'] textarea").first.fill(f"{rules} Arabic")
    form.locator("[name='question'] input").fill("budget")
    page.keyboard.press("Tab")  # a field says what it holds when it is left
    form.locator("[name='answer_value'] input").fill("villa")
    form.locator("[name='team_id'] input").click()
    page.locator(".o-autocomplete--dropdown-item:not(:has(.o_loading))").first.click()
    form.locator("[name='preview_text']").wait_for()
    photograph(page, "rule-form")
    page.click(".o_form_button_save")
    page.wait_for_selector(SAVED, state="attached")
    page.goto(f"{odoo.base}/odoo/tiktok-routing")
    row = page.locator(f".o_data_row:has-text('{rules} Arabic')")
    row.wait_for()
    photograph(page, "rules")
    assert row.locator("[name='preview_count']").inner_text().strip().isdigit()


def test_manager_decides_about_likely_junk(page, odoo):
    company = odoo.call("res.company", "search", [], limit=1, order="id")
    odoo.call("res.company", "write", company, {"tiktok_check_junk": True})
    try:
        lead_id = make_junk(odoo)
        page.goto(f"{odoo.base}/odoo/crm.lead/{lead_id}")
        alert = page.locator("[name='tiktok_check']")
        alert.wait_for()
        photograph(page, "check")
        alert.locator("button:has-text('Junk')").click()
        page.locator(".o_form_view .text-bg-danger:has-text('Lost')").first.wait_for()
    finally:
        odoo.call("res.company", "write", company, {"tiktok_check_junk": False})
    [lead] = odoo.call("crm.lead", "read", [lead_id], ["active", "lost_reason_id"])
    assert not lead["active"]
    assert lead["lost_reason_id"][1] == "Junk"


def make_junk(odoo):
    """Return the id of a lead with an impossible number, sent as TikTok does."""
    config = odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
    url = odoo.base + config["webhook_url"][config["webhook_url"].index("/api/") :]
    uid = str(10**18 + secrets.randbelow(8 * 10**18))
    content = sample(uid)
    changed = {"phone_number": "123", "email": f"junk{uid}@example.com"}
    for change in content["entry"][0]["changes"]:
        change["value"] = changed.get(change["field"], change["value"])
    status, text = post(url, content)
    assert status == 200, text
    end = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < end:
        found = odoo.call("crm.lead", "search", [["tiktok_lead_uid", "=", uid]])
        if found:
            return found[0]
    raise AssertionError("the lead has not arrived")
