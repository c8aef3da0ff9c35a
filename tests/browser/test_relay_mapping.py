"""A user points at the parts of a body that no alias knows, on a desk and on a phone."""

import itertools
import time

import pytest

from dev.odoo_rpc import post

PHONE = {"width": 390, "height": 844}
PATIENCE_SECONDS = 60
_numbers = itertools.count(1)


def make_body(run):
    """Return a body of a relay of two people, with a structure of its own in each run."""
    people = [("Ana Pérez", "ana"), ("سارة أحمد", "sara")]
    return {
        f"batch{run}": "b-7",
        "submissions": [
            {
                "ref": f"76{run:05}{number:012}",
                "who": {"full name": name, "mail": f"{login}{run}@example.com"},
                "where": {"f": f"F-{run}", "title": "Spring quote form"},
            }
            for number, (name, login) in enumerate(people)
        ],
    }


def deliver(odoo, body):
    """Post a body to the webhook; return its delivery when it failed."""
    (company,) = odoo.call("res.company", "read", [1], ["tiktok_webhook_url"])
    known = odoo.call("tiktok.event", "search", [["state", "=", "failed"]])
    assert post(company["tiktok_webhook_url"], body)[0] == 200
    ends = time.monotonic() + PATIENCE_SECONDS
    domain = [["state", "=", "failed"], ["reason", "=", "unknown_shape"], ["id", "not in", known]]
    while time.monotonic() < ends:
        found = odoo.call("tiktok.event", "search", domain)
        if found:
            return found[0]
        time.sleep(0.3)
    raise AssertionError("the delivery did not fail")


def choose_role_on_desk(page, path, label):
    row = page.locator(f"[name=path_ids] .o_data_row:has-text('{path}')").first
    row.locator("td[name=role]").click()
    row.locator("td[name=role] input").click()
    # What is typed before the answer came would be lost.
    with page.expect_response("**/tiktok.relay.mapping/onchange"):
        page.click(f".o_select_menu_item:has-text('{label}')")


def choose_role_on_phone(page, path, label):
    page.locator(f"[name=path_ids] .o_kanban_record:has-text('{path}')").first.click()
    page.click(".modal [name=role] input")
    page.click(f".o_select_menu_item:has-text('{label}')")
    chosen = "label => document.querySelector('.modal [name=role] input')?.value === label"
    page.wait_for_function(chosen, arg=label)
    page.click(".modal .o_form_button_save, .modal-footer .btn-primary")
    page.wait_for_selector(".modal", state="detached")


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_unknown_relay_is_mapped_and_replayed(page, odoo, width):
    run = 80_000 + next(_numbers)
    event_id = deliver(odoo, make_body(run))
    choose_role = choose_role_on_desk
    if width == "phone":
        page.set_viewport_size(PHONE)
        choose_role = choose_role_on_phone
    page.goto(f"{odoo.base}/odoo/tiktok.event/{event_id}")
    page.wait_for_selector("text=Odoo found no answers in what the relay sent")
    page.click("button[name=action_map_relay]:visible")
    preview = page.locator(".alert [name=preview_text]")
    preview.locator("text=Ana Pérez").wait_for()  # where the answers are was found
    assert "without an ID" in preview.inner_text()
    choose_role(page, "/submissions/*/ref", "Lead ID")
    preview.locator(f"text=76{run:05}000000000000").wait_for()
    choose_role(page, "/submissions/*/where/f", "Form ID")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 1
    page.fill(".oe_title [name=name] input", f"Our relay {run}")
    page.click("button[name=action_replay]:visible")
    domain = [["tiktok_lead_uid", "like", f"76{run:05}%"]]
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and odoo.call("crm.lead", "search_count", domain) < 2:
        time.sleep(0.3)
    leads = odoo.call("crm.lead", "search_read", domain, ["contact_name", "email_from"])
    assert {lead["contact_name"] for lead in leads} == {"Ana Pérez", "سارة أحمد"}
    (event,) = odoo.call("tiktok.event", "read", [event_id], ["state", "reason"])
    assert (event["state"], event["reason"]) == ("ignored", "mapped")
