"""The app on a desk and on a phone: its menu, a delivery as curl, a lead under the thumb."""

import json
import shlex
import time

from dev.demo import send_lead
from dev.odoo_rpc import post

PHONE = {"width": 390, "height": 844}
MENUS = [
    *("Overview", "Leads", "Ads", "Accounts & Videos", "Posts"),
    *("Reporting", "Configuration"),
]


def test_crm_leads_to_the_app_and_its_menu(page, odoo):
    send_lead(odoo)  # before the first one the set-up opens
    page.goto(f"{odoo.base}/odoo/crm")
    page.click("[data-menu-xmlid='tiktok_leadgen.crm_menu_integrations']")
    page.click("[data-menu-xmlid='tiktok_leadgen.tiktok_leadgen_menu_overview']")
    page.wait_for_selector(".o_form_view [name=webhook_url]")
    assert page.locator(".o_menu_brand").inner_text() == "TikTok"
    assert page.locator(".o_menu_sections > *").all_inner_texts() == MENUS
    page.click("[data-menu-xmlid='tiktok_leadgen.menu_tiktok_configuration']")
    page.click("[data-menu-xmlid='tiktok_leadgen.tiktok_leadgen_menu_settings']")
    page.wait_for_selector(".settings_tab .selected:has-text('TikTok')")
    assert page.locator("#tiktok_business_app").is_visible()
    page.click("[data-menu-xmlid='tiktok_leadgen.tiktok_leadgen_menu_dashboard']")
    page.wait_for_selector(".o_tiktok_tiles")


def test_delivery_shows_its_way_and_is_posted_again_by_curl(page, odoo):
    lead_id, _seconds = send_lead(odoo)
    [lead] = odoo.call("crm.lead", "read", [lead_id], ["tiktok_event_id"])
    event_id = lead["tiktok_event_id"][0]
    page.goto(f"{odoo.base}/odoo/tiktok-events/{event_id}")
    page.wait_for_selector("[data-step=lead][data-state=done]")
    steps = page.locator(".o_tiktok_timeline > li").evaluate_all(
        "items => items.map((item) => item.dataset.step)"
    )
    assert steps == ["submitted", "received", "stored", "processed", "lead"]
    assert "after it was received" in page.locator("[data-step=lead]").inner_text()
    page.click(".o_statusbar_buttons button:has-text('Copy as curl')")
    page.wait_for_selector(".o_notification:has-text('Copied')")
    words = shlex.split(page.evaluate("navigator.clipboard.readText()"))
    assert "token=••••" in words[3]
    config = odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
    url = odoo.base + config["webhook_url"][config["webhook_url"].index("/api/") :]
    assert url.startswith(words[3].split("•")[0])
    assert post(url, json.loads(words[-1]))[0] == 200
    [event] = odoo.call("tiktok.event", "read", [event_id], ["repeat_ids"])
    assert len(event["repeat_ids"]) == 1  # it is the same lead
    page.click("[data-step=lead] button")
    page.wait_for_selector(".o_notebook [name=tiktok_answers_table]")


def test_lead_on_a_phone_has_answers_under_the_name_and_calls_under_the_thumb(page, odoo):
    page.set_viewport_size(PHONE)
    lead_id, _seconds = send_lead(odoo)
    page.goto(f"{odoo.base}/odoo/tiktok-leads/{lead_id}")
    answers = page.locator("[name=tiktok_answers_phone]")
    answers.wait_for()
    assert "2-4 M" in answers.inner_text()
    assert answers.bounding_box()["y"] < PHONE["height"] / 2
    name = page.locator(".oe_title h1").bounding_box()
    revenue = page.locator(".oe_title h2").bounding_box()
    assert name["y"] < answers.bounding_box()["y"] < revenue["y"]
    links = page.locator(".o_tiktok_call_links a")
    assert links.all_inner_texts() == ["Call", "WhatsApp"]
    page.locator(".o-mail-Chatter").scroll_into_view_if_needed()
    for box in (link.bounding_box() for link in links.all()):
        assert box["height"] >= 44  # what a thumb needs
        assert PHONE["height"] * 0.75 < box["y"] < PHONE["height"] - box["height"]
    page.set_viewport_size({"width": 1280, "height": 900})
    answers.wait_for(state="hidden")
    assert page.locator(".o_notebook [name=tiktok_answers_table]").is_visible()


def test_failed_delivery_stops_before_the_lead(page, odoo):
    config = odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
    url = odoo.base + config["webhook_url"][config["webhook_url"].index("/api/") :]
    unknown = {"kunde": {"erreichbar": f"petra{time.time_ns()}@example.com", "wo": "Graz"}}
    assert post(url, unknown)[0] == 200
    domain = [["kind", "=", "unreadable"]]
    [event_id] = odoo.call("tiktok.event", "search", domain, limit=1, order="id desc")
    page.goto(f"{odoo.base}/odoo/tiktok-events/{event_id}")
    page.wait_for_selector("[data-step=stored][data-state=done]")
    assert page.locator("[data-step=lead][data-state=done]").count() == 0
