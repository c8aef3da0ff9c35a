"""A served Odoo with the local TikTok behind it, and a program that has an API key."""

import os
import urllib.parse

import pytest
import requests

from dev import local_tiktok
from dev.odoo_rpc import Session
from dev.sandbox.handle import Sandbox

SECONDS = 30  # for one answer


class Program:
    """Calls the API with a key.

    :param Session odoo: an administrator's, whose key it gets
    """

    def __init__(self, odoo):
        self.odoo = odoo
        self.headers = {"Authorization": f"Bearer {odoo.make_api_key()}"}

    def call(self, method, path, content=None):
        """Return the answer to one call.

        :rtype: requests.Response
        """
        url = f"{self.odoo.base}/api/integrations/accounts/{path}"
        return requests.request(
            method, url, json=content, headers=self.headers, timeout=SECONDS, allow_redirects=False
        )

    def add(self, name):
        """Add an account and return it.

        :rtype: dict
        """
        return self.call("POST", "", {"platform": "tiktok", "name": name}).json()

    def connect(self, account, tiktok, username):
        """Finish the consent of an account as its user's browser does."""
        consent = self.call("POST", f"{account['id']}/connect/").json()
        back = tiktok.consent(consent["authorization_url"], username=username)
        parts = urllib.parse.urlsplit(back)
        self.odoo.open(f"{parts.path}?{parts.query}")


@pytest.fixture(scope="session")
def tiktok():
    """Return the local TikTok that the served Odoo talks to."""
    return Sandbox(os.environ["TIKTOK_URL"])


@pytest.fixture(scope="session")
def program(tiktok):
    """Return a program that uses the API of an Odoo which knows its app at TikTok."""
    odoo = Session(os.environ["ODOO_URL"], os.environ["ODOO_DATABASE"])
    local_tiktok.introduce(tiktok, odoo, odoo.base)
    return Program(odoo)
