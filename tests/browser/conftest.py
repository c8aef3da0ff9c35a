"""An Odoo and a local TikTok, both served, and a browser to walk between them."""

import os
import pathlib
import re
import shutil

import psycopg2
import pytest
from accounts import Accounts
from ad_accounts import Ads, forget
from playwright.sync_api import sync_playwright

from dev import local_tiktok
from dev.odoo_rpc import Session
from dev.sandbox.handle import Sandbox

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADMIN = 2
PATIENCE_MS = 90_000  # for one event on a machine that is busy
CLICK_THROUGH = """
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        .o_notification_manager, .o_notification_manager * { pointer-events: none !important }
        .o_notification_manager :is(button, a) { pointer-events: auto !important }
    `);
    document.adoptedStyleSheets.push(sheet);
"""
# No service of Google's, no second window: a test browser is alone with what it is shown.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def odoo():
    """Return an administrator's session of the served Odoo."""
    return Session(os.environ["ODOO_URL"], os.environ["ODOO_DATABASE"])


@pytest.fixture(scope="session")
def known_tiktok(odoo):
    """Return the local TikTok the served Odoo talks to, both introduced to each other."""
    running = Sandbox(os.environ["TIKTOK_URL"])
    local_tiktok.introduce(running, odoo, odoo.base)
    return running


@pytest.fixture
def tiktok(known_tiktok):
    """Return the local TikTok, without faults; what a test sets is taken back after it."""
    settings, apps = known_tiktok.settings(), known_tiktok.describe()["developer_apps"]
    yield known_tiktok
    known_tiktok.clear_faults()
    known_tiktok.set_settings(**settings)
    for app in apps:
        names = ("pkce", "scopes", "redirect_uris", "target_users")
        known_tiktok.set_app(client_key=app["client_key"], **{name: app[name] for name in names})


@pytest.fixture(scope="session")
def sql(odoo):
    """Return a function that runs a statement in the served Odoo's database and commits."""
    connection = psycopg2.connect(dbname=os.environ["ODOO_DATABASE"])
    connection.autocommit = True

    def run(statement, *values):
        with connection.cursor() as cursor:
            for left in reversed(range(5)):
                try:
                    cursor.execute(statement, values)
                    break
                except psycopg2.errors.DeadlockDetected:
                    if not left:  # Odoo's jobs write to the same rows meanwhile
                        raise
            return cursor.fetchall() if cursor.description else None

    yield run
    connection.close()


@pytest.fixture(scope="session")
def browser():
    """Return Chromium, headless."""
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def logged_in(browser, odoo):
    """Return the cookies of an administrator's browser."""
    # Odoo's own tour for beginners would point at what a walk clicks.
    odoo.call("res.users", "switch_tour_enabled", False)
    profile = browser.new_context()
    page = profile.new_page()
    page.goto(f"{odoo.base}/web/login")
    log_in(page)
    # The first one builds the assets.
    page.wait_for_selector(".o_main_navbar", timeout=2 * PATIENCE_MS)
    state = profile.storage_state()
    profile.close()
    return state


def log_in(page, login="admin", password="admin"):
    """Fill in the login page, by default as the administrator."""
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")


@pytest.fixture
def context(browser, odoo, logged_in):
    """Return a browser's profile, logged in to Odoo, that may use the clipboard.

    Clicks pass through notifications, but for their buttons: those of earlier walks come, too.
    """
    profile = browser.new_context(viewport={"width": 1280, "height": 900}, storage_state=logged_in)
    profile.set_default_timeout(PATIENCE_MS)
    profile.grant_permissions(["clipboard-read", "clipboard-write"], origin=odoo.base)
    profile.add_init_script(CLICK_THROUGH)
    yield profile
    profile.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember which walks failed: their last page is photographed."""
    report = yield
    item.walk_failed = getattr(item, "walk_failed", False) or report.failed
    return report


@pytest.fixture
def page(context, request):
    """Return a tab of the administrator's browser; an error dialog in it fails the test."""
    tab, errors = context.new_page(), []
    tab.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield tab
    if request.node.walk_failed:
        name = re.sub(r"\W+", "-", request.node.name).strip("-")
        tab.screenshot(path=str(pathlib.Path(os.environ["WALK_PICTURES"]) / f"{name}.png"))
    # What we refuse with a sentence has the same class, but not this title.
    assert not tab.locator(".o_error_dialog:has-text('Oops!')").count(), errors


@pytest.fixture(scope="session")
def arabic_code(odoo):
    """Return the code of Arabic, which is installed."""
    domain = [["code", "=", "ar_001"]]
    (language,) = odoo.call("res.lang", "search", domain, context={"active_test": False})
    values = {"lang_ids": [[6, 0, [language]]], "overwrite": False}
    wizard = odoo.call("base.language.install", "create", values)
    odoo.call("base.language.install", "lang_install", [wizard])
    return "ar_001"


@pytest.fixture
def arabic(odoo, arabic_code):
    """Let the administrator read Arabic, from right to left."""
    odoo.call("res.users", "write", [ADMIN], {"lang": arabic_code})
    yield
    odoo.call("res.users", "write", [ADMIN], {"lang": "en_US"})


@pytest.fixture
def accounts(odoo, tiktok, sql):
    """Return what makes and connects accounts; they are gone after the test."""
    yield Accounts(odoo, tiktok, sql)
    sql("DELETE FROM mail_activity WHERE res_model = 'tiktok.account'")
    sql("DELETE FROM tiktok_account")


@pytest.fixture
def account_id(page, accounts):
    """Return a connected account whose first sync is over: it would renew tokens, too."""
    account_id = accounts.connect(page)
    accounts.wait_for_sync(account_id)
    return account_id


@pytest.fixture
def ads(odoo, tiktok, sql):
    """Return what connects ad accounts; they are gone after the test, here and at TikTok."""
    forget(sql)
    before = {each["subscription_id"] for each in tiktok.subscriptions()}
    yield Ads(odoo, tiktok, sql)
    tiktok.clear_faults()
    for each in tiktok.subscriptions():
        if each["subscription_id"] not in before:
            tiktok.remove_webhook(subscription_id=each["subscription_id"])
    forget(sql)


@pytest.fixture
def forget_events(sql):
    """Delete the event sets and their events after the test."""
    yield
    sql("DELETE FROM tiktok_crm_event")
    sql("DELETE FROM tiktok_event_set")


@pytest.fixture
def low_cost_limit(sql):
    """Have an alert ring from the first cent that a qualified lead costs."""
    sql("UPDATE res_company SET tiktok_ads_qualified_cost_limit = 0.01")
    yield
    sql("UPDATE res_company SET tiktok_ads_qualified_cost_limit = 0")
