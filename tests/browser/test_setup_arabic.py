"""The set-up wholly in Arabic, from right to left, on a desk and on a phone."""

import re

import pytest
from test_ads import confirm
from test_setup import (  # noqa: F401 - two are fixtures
    APP_ID,
    APP_SECRET,
    CONNECT,
    OVERFLOW,
    PHONE,
    STEPS,
    ads,
    connect_ads,
    setup,
)

DESK = {"width": 1280, "height": 900}
ASSIGNED = "[name=step_assignment] [name=tiktok_assignment_text]"
LATIN = re.compile(r"[a-z]{4,}|, ")  # English, or its comma


def find_cut_texts(page, selector):
    """Return the texts of labels and buttons that are wider than the place they have."""
    return page.locator(selector).evaluate_all(
        "all => all.filter((each) => each.offsetParent && each.scrollWidth > each.clientWidth + 1)"
        ".map((each) => each.textContent.trim())"
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_connect_in_arabic(arabic, setup, ads, size):  # noqa: F811
    page = setup.page
    page.set_viewport_size(size)
    setup.open()
    page.wait_for_selector("body.o_rtl")
    for name in STEPS:
        setup.wait_step(name, "todo")
    setup.choose("ads")
    setup.wait_step("assignment", "done")
    page.fill(APP_ID, ads.app["app_id"])
    page.fill(APP_SECRET, "not-the-secret-of-this-app")
    page.click(CONNECT)
    confirm(page, ads)
    details = page.locator("[name=tiktok_refusal] bdi")  # a number that Arabic must not reorder
    details.wait_for()
    assert details.evaluate("(bdi) => getComputedStyle(bdi).direction") == "ltr"
    page.click("[name=tiktok_refusal] .btn-primary")

    page.wait_for_selector(APP_ID)
    assert not LATIN.search(page.inner_text(ASSIGNED).replace("Administrator", ""))
    connect_ads(setup, ads)
    setup.wait_step("method", "done")
    form = next(each for each in ads.tiktok.describe()["forms"] if each["language"] == "ar")
    ads.tiktok.submit_lead(form["page_id"], {"name": "مريم حداد", "email": "m@example.com"})
    page.wait_for_selector("[name=last_lead]:has-text('مريم حداد')")
    setup.wait_step("lead", "done")
    assert page.evaluate(OVERFLOW) <= 1
    assert not find_cut_texts(page, ".o_tiktok_content h2, .o_tiktok_content button")

    forms = setup.odoo.call("tiktok.form", "search", [["company_id", "=", setup.company_id]])
    setup.odoo.call("tiktok.form", "action_confirm_all", forms)
    setup.open()
    setup.wait_step("mapping", "done")
    page.click("[name=setup_complete] button[name=action_tiktok_toggle_setup]")
    page.wait_for_selector("[name=step_method]", state="hidden")
    page.wait_for_selector("[name=last_lead]:has-text('مريم حداد')")


def test_addresses_in_the_settings_stay_in_their_column_in_arabic(arabic, page, odoo):
    page.goto(f"{odoo.base}/odoo/tiktok-settings")
    page.wait_for_selector("body.o_rtl [name=tiktok_redirect_uri]")
    assert not find_cut_texts(page, "#tiktok_developer_addresses div[dir=ltr]")
    assert not find_cut_texts(page, "#tiktok_business_addresses div[dir=ltr]")


def test_relay_in_arabic(arabic, setup):  # noqa: F811
    page = setup.page
    setup.open()
    page.wait_for_selector("body.o_rtl")
    setup.choose("relay")
    setup.post("مريم حداد")
    page.wait_for_selector("[name=last_lead]:has-text('مريم حداد')")
    setup.wait_step("lead", "done")
    assert page.evaluate(OVERFLOW) <= 1
    page.goto(f"{setup.odoo.base}/odoo/tiktok-settings")
    urls = page.locator("[name=tiktok_business_redirect_uri], [name=tiktok_webhook_url_masked]")
    urls.first.wait_for()
    directions = urls.evaluate_all("all => all.map((each) => getComputedStyle(each).direction)")
    assert "ltr" in directions
