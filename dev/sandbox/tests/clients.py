"""Thin clients, so that a test says what it is about and nothing else."""

import json

import requests


class Business:
    """Calls the Marketing API.

    :param Sandbox tiktok: the sandbox
    """

    def __init__(self, tiktok):
        known = tiktok.describe()
        self.tiktok = tiktok
        self.app = known["business_apps"][0]
        self.accounts = known["advertisers"]
        self.account = known["advertisers"][0]["advertiser_id"]
        self.other = known["advertisers"][1]["advertiser_id"]
        self.forms = known["forms"]
        self.form = known["forms"][0]["page_id"]
        self.library = known["libraries"][0]
        self.ads = known["ads"]
        self.base = tiktok.base_urls["TIKTOK_BUSINESS_API_BASE_URL"]
        self.keys = {"app_id": self.app["app_id"], "secret": self.app["secret"]}
        accounts = [account["advertiser_id"] for account in self.accounts]
        self.token = tiktok.grant_business_token(self.app["app_id"], accounts)
        self.http = requests.Session()
        self.http.trust_env = False

    def get(self, path, token=None, headers=(), **params):
        """Send a GET; lists and objects are written as JSON."""
        query = {
            key: json.dumps(value) if isinstance(value, list | dict) else value
            for key, value in params.items()
        }
        return self.http.get(
            self.base + path, params=query, headers=self._headers(token, headers), timeout=20
        )

    def post(self, path, token=None, headers=(), **body):
        """Send a POST with a JSON body."""
        return self.http.post(
            self.base + path, json=body, headers=self._headers(token, headers), timeout=20
        )

    def _headers(self, token, more):
        value = self.token if token is None else token
        return {**({"Access-Token": value} if value else {}), **dict(more)}


def data(response):
    """Return ``data`` of a call that must have worked."""
    body = response.json()
    assert response.status_code == 200
    assert body["code"] == 0, body
    assert body["request_id"]
    return body["data"]


def refusal(response):
    """Return code and message of a call that must have failed, with HTTP 200."""
    body = response.json()
    assert response.status_code == 200
    assert body["code"] != 0
    return body["code"], body["message"]


class Developer:
    """placeholder"""

    def __init__(self, tiktok):
        self.tiktok = tiktok
