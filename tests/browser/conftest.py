"""An Odoo and a local TikTok, both served, and a browser to walk between them."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from dev.odoo_rpc import Session
from dev.sandbox.handle import Sandbox

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No service of Google's, no second window: a test browser is alone with what it is shown.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def odoo():
    """Return an administrator's session of the served Odoo."""
    return Session(os.environ["ODOO_URL"], os.environ["ODOO_DATABASE"])


@pytest.fixture
def tiktok():
    """Return a local TikTok of this test's own."""
    with Sandbox.spawn(seed=1) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    """Return Chromium, headless."""
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser, odoo):
    """Return a browser's profile, logged in to Odoo, that may use the clipboard."""
    profile = browser.new_context(viewport={"width": 1280, "height": 900})
    profile.set_default_timeout(30_000)
    profile.grant_permissions(["clipboard-read", "clipboard-write"], origin=odoo.base)
    page = profile.new_page()
    page.goto(f"{odoo.base}/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "admin")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_main_navbar", timeout=120_000)  # the first one builds the assets
    page.close()
    yield profile
    profile.close()
