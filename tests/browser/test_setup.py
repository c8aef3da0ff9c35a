"""The first minutes: a new company, nothing but the screens, each way in which leads come in."""

import itertools
import time
import urllib.parse

import pytest
from ad_accounts import Ads, confirm, forget
from test_import import click_header, make_file

from dev import demo, odoo_rpc

ADMIN = 2
PHONE = {"width": 390, "height": 844}
STEPS = ("method", "lead", "assignment", "mapping")
SECONDS = 2  # from a delivery until its person is on the open page
_numbers = itertools.count(1)
APP_ID, APP_SECRET = "#tiktok_business_app_id", "#tiktok_business_app_secret"
CONNECT = "button[name=tiktok_save_and_connect]"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Setup:
    """A company in which nothing was set, with its page open in a browser."""

    def __init__(self, page, odoo, company_id):
        self.page = page
        self.odoo = odoo
        self.company_id = company_id

    def open(self):
        """Open the page TikTok."""
        self.page.goto(f"{self.odoo.base}/odoo/tiktok")
        self.page.wait_for_selector("[name=step_lead] .o_tiktok_badge")

    def choose(self, method):
        """Choose how leads come in."""
        self.page.click(f"[data-method={method}]")
        self.page.wait_for_selector(f"[data-method={method}][aria-pressed=true]")

    def wait_step(self, name, state):
        """Wait until a step has a state."""
        self.page.wait_for_selector(f"[name=step_{name}] .o_tiktok_badge.o_tiktok_{state}")

    def post(self, name, token=None):
        """Post a lead the way TikTok does, and return how long its name took to the page."""
        config = self.odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
        url = config["webhook_url"]
        url = f"{self.odoo.base}{url[url.index('/api/') :]}"
        if token:
            url = f"{url.partition('&token=')[0]}&token={token}"
        body = demo.sample(f"77{self.company_id:05}{next(_numbers):012}")
        first, _space, last = name.partition(" ")
        answers = {"first_name": first, "last_name": last, "email": f"{first}@example.com".lower()}
        body["entry"][0]["changes"] = [
            {"field": field, "value": value} for field, value in answers.items()
        ]
        began = time.monotonic()
        status, _text = odoo_rpc.post(url, body)
        assert status == 200
        return began

    def read(self, *names):
        """Return fields of the company."""
        (found,) = self.odoo.call("res.company", "read", [self.company_id], list(names))
        return [found[name] for name in names]


@pytest.fixture
def setup(page, odoo, known_tiktok, sql):
    """Return the set-up of a new company, which is the administrator's only one meanwhile."""
    name = f"Fresh {next(_numbers)}"
    # Odoo adds a new company to those of the user who creates it.
    before = odoo.call("res.users", "read", [ADMIN], ["company_ids", "company_id"])[0]
    company_id = odoo.call("res.company", "create", {"name": name})
    own = {"company_ids": [[6, 0, [company_id]]], "company_id": company_id}
    odoo.call("res.users", "write", [ADMIN], own)
    forget(sql)
    yield Setup(page, odoo, company_id)
    forget(sql)
    back = {"company_ids": [[6, 0, before["company_ids"]]], "company_id": before["company_id"][0]}
    odoo.call("res.users", "write", [ADMIN], back)


@pytest.fixture
def ads(odoo, tiktok, sql):
    """Return what is known of the ad account; its subscriptions are gone after the test."""
    before = {each["subscription_id"] for each in tiktok.subscriptions()}
    yield Ads(odoo, tiktok, sql)
    for each in tiktok.subscriptions():
        if each["subscription_id"] not in before:
            tiktok.remove_webhook(subscription_id=each["subscription_id"])


def connect_ads(setup, ads):
    """Enter the app's keys, agree at TikTok, and come back to the page."""
    page = setup.page
    page.fill(APP_ID, ads.app["app_id"])
    page.fill(APP_SECRET, ads.app["secret"])
    page.click(CONNECT)
    confirm(page, ads)
    page.wait_for_url("**/odoo/tiktok")


def test_first_open_shows_four_steps_to_do(setup):
    setup.open()
    for name in STEPS:
        setup.wait_step(name, "todo")
    assert setup.page.locator("[data-method]").count() == 3
    assert not setup.page.locator("[name=setup_complete]:visible").count()


def test_connect_without_keys_leads_to_the_fields(setup, odoo):
    page = setup.page
    page.goto(f"{odoo.base}/odoo/tiktok-ad-accounts")
    page.click("button:has-text('Connect TikTok Ads')")
    page.wait_for_selector(APP_ID)
    page.click(CONNECT)
    page.wait_for_selector(".o_notification:has-text('Enter the ID and secret')")
    page.wait_for_selector(f"{APP_ID}:focus")
    page.fill(APP_ID, "7000000000000000001")
    page.click(CONNECT)
    page.wait_for_selector(f"{APP_SECRET}:focus")
    assert page.input_value(APP_ID) == "7000000000000000001"  # the page was not read again
    assert not page.locator(".modal:visible").count()


def test_connected_ad_accounts_receive_immediately(setup, ads):
    page = setup.page
    setup.open()
    setup.choose("ads")
    setup.wait_step("assignment", "done")
    connect_ads(setup, ads)
    setup.wait_step("method", "done")
    assert "sends the leads of" in page.inner_text("[name=method_text]")
    ads.tiktok.submit_lead(ads.form["page_id"], {"name": "First Lead", "email": "f@example.com"})
    page.wait_for_selector("[name=last_lead]:has-text('First Lead')")
    setup.wait_step("lead", "done")
    page.goto(f"{setup.odoo.base}/odoo/crm")  # where a salesperson looks
    page.wait_for_selector(".o_kanban_record:has-text('First Lead')")

    setup.open()
    page.click("[name=step_mapping] button[name=action_tiktok_view_mapping]")
    page.click(".o_data_row:has-text('{}')".format(ads.form["title"]))
    page.click("button[name=action_confirm_all]:visible")
    page.wait_for_selector("button[name=action_confirm_all]", state="hidden")
    assert setup.read("tiktok_setup_is_complete") == [False]  # its other forms are to be checked
    forms = setup.odoo.call("tiktok.form", "search", [["company_id", "=", setup.company_id]])
    setup.odoo.call("tiktok.form", "action_confirm_all", forms)
    setup.open()
    page.click("[name=setup_complete] button[name=action_tiktok_toggle_setup]")
    page.wait_for_selector("[name=step_method]", state="hidden")
    page.wait_for_selector("[name=last_lead]:has-text('First Lead')")


def test_denied_consent_leads_back_to_the_page(setup, ads):
    page = setup.page
    setup.open()
    setup.choose("ads")
    page.fill(APP_ID, ads.app["app_id"])
    page.fill(APP_SECRET, ads.app["secret"])
    page.click(CONNECT)
    page.click("button:has-text('Cancel')")
    page.click("[name=tiktok_refusal] .btn-primary")
    page.wait_for_selector(CONNECT)
    setup.wait_step("method", "todo")


def test_relay_on_a_phone(setup):
    page = setup.page
    page.set_viewport_size(PHONE)
    setup.open()
    setup.choose("relay")
    setup.wait_step("method", "done")
    page.locator("[name=method_relay] button.o_clipboard_button").press("Enter")
    page.wait_for_selector("text=Copied")
    address = page.evaluate("navigator.clipboard.readText()")
    assert urllib.parse.urlsplit(address).path == "/api/integrations/webhooks/tiktok-leadgen/"
    setup.post("Mariam Haddad")
    page.wait_for_selector("[name=last_lead]:has-text('Mariam Haddad')")
    setup.wait_step("lead", "done")
    assert page.evaluate(OVERFLOW) <= 1
    page.click("[name=last_lead] button[name=action_tiktok_open_last_lead]")
    page.wait_for_selector(".o_form_view:has-text('Mariam@example.com'), [name=email_from]")
    lead = setup.odoo.call(
        "crm.lead", "search_read", [["company_id", "=", setup.company_id]], ["user_id"]
    )
    assert [each["user_id"][0] for each in lead] == [ADMIN]


def test_relay_without_a_form_leaves_nothing_to_map(setup):
    page = setup.page
    setup.open()
    setup.choose("relay")
    config = setup.odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")["webhook_url"]
    url = setup.odoo.base + config[config.index("/api/") :]
    uid = f"77{setup.company_id:05}{next(_numbers):012}"
    person = {"lead_id": uid, "full_name": "Mariam Formless", "email": "mariam@example.com"}
    assert odoo_rpc.post(url, person)[0] == 200
    page.wait_for_selector("[name=last_lead]:has-text('Mariam Formless')")
    setup.wait_step("mapping", "done")
    page.wait_for_selector("[name=mapping_formless]:visible")
    page.wait_for_selector("[name=setup_complete]:visible")


def test_import_of_a_file(setup):
    page = setup.page
    setup.open()
    setup.choose("import")
    page.click("[name=method_import] button:has-text('Import a File')")
    file = {
        "name": "Leads.csv",
        "mimeType": "text/csv",
        "buffer": make_file("en", 60_000 + setup.company_id),
    }
    page.set_input_files(".o_field_many2many_binary input[type=file]", file)
    page.wait_for_selector(".o_attachment:has-text('Leads.csv')")
    click_header(page, "action_check")
    page.wait_for_selector(".o_tiktok_import_file:has-text('New: 3')")
    click_header(page, "action_import")
    page.wait_for_selector(".o_field_widget[name=status_text]:has-text('Leads imported: 3.')")
    setup.open()
    page.wait_for_selector("[name=last_lead]:has-text('Somchai Dee')")
    setup.wait_step("lead", "done")


def test_the_open_page_shows_each_lead_within_two_seconds(setup):
    page = setup.page
    setup.open()
    setup.choose("relay")
    setup.post("Before Subscription")  # the browser's connection is open when this one is shown
    page.wait_for_selector("[name=last_lead]:has-text('Before Subscription')")
    for name in ("Noor Live", "Marc Live", "Ana Live"):
        began = setup.post(name)
        page.wait_for_selector(f"[name=last_lead]:has-text('{name}')")
        assert time.monotonic() - began <= SECONDS
    assert page.inner_text("[name=counters] [name=tiktok_created_today]") == "4"


def test_what_is_typed_stays_while_leads_arrive(setup):
    page = setup.page
    setup.open()
    setup.choose("relay")
    setup.open()  # what the choice reloads is over
    days = "[name=tiktok_retention_days] input"
    page.fill(days, "77")
    setup.post("Typed Meanwhile")
    page.wait_for_function(
        "async () => (await fetch('/web/dataset/call_kw/crm.lead/search_count', {method: 'POST',"
        " headers: {'Content-Type': 'application/json'}, body: JSON.stringify({params: {model:"
        " 'crm.lead', method: 'search_count', args: [[['contact_name', '=', 'Typed Meanwhile']]],"
        " kwargs: {}}})}).then((r) => r.json())).result > 0"
    )
    assert page.input_value(days) == "77"
    page.click(".o_form_button_save")
    page.wait_for_selector("[name=last_lead]:has-text('Typed Meanwhile')")
    assert setup.read("tiktok_retention_days") == [77]


def test_warnings_appear_and_go_without_reload(setup, odoo):
    page = setup.page
    setup.open()
    setup.post("Before Subscription")  # the browser's connection is open when this one is shown
    page.wait_for_selector("[name=last_lead]:has-text('Before Subscription')")
    began = setup.post("Wrong Token", token="not-the-one")
    page.wait_for_selector("[name=quarantine_banner]:visible")
    domain = [["company_id", "=", setup.company_id], ["state", "=", "quarantined"]]
    odoo.call("tiktok.event", "action_discard", odoo.call("tiktok.event", "search", domain))
    page.wait_for_selector("[name=quarantine_banner]", state="hidden")
    assert time.monotonic() - began <= 3 * SECONDS  # it reads itself again after 16 s, too


def test_the_list_of_deliveries_is_live(setup, odoo):
    page = setup.page
    page.goto(f"{odoo.base}/odoo/tiktok-events")
    page.wait_for_selector(".o_list_view")
    setup.post("List One")
    setup.post("List Two")
    page.wait_for_selector(".o_data_row:has-text('List Two')")
    assert page.locator(".o_data_row:has-text('List One')").count() == 1


def test_unassigned_leads_are_amber_until_they_are_assigned(setup, odoo):
    page = setup.page
    setup.open()
    setup.post("Unassigned Yet")
    page.wait_for_selector("[name=last_lead]:has-text('Unassigned Yet')")
    setup.wait_step("assignment", "warned")
    page.wait_for_selector("[name=unassigned_banner]:has-text('Unassigned leads: 1')")
    page.goto(f"{odoo.base}/odoo/tiktok-leads")
    page.wait_for_selector(".o_data_row.text-warning:has-text('Unassigned Yet')")
    setup.open()
    page.click("[name=tiktok_assignment] label:has-text('Round robin')")
    page.click("[name=unassigned_banner] button[name=action_tiktok_assign_waiting]")
    page.click(".modal button:has-text('Ok')")
    page.wait_for_selector("[name=unassigned_banner]", state="hidden")
    setup.wait_step("assignment", "done")
    domain = [["contact_name", "=", "Unassigned Yet"]]
    (lead,) = odoo.call("crm.lead", "search_read", domain, ["user_id"])
    assert lead["user_id"][0] == ADMIN
