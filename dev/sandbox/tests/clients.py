"""Thin clients, so that a test says what it is about and nothing else."""

import json
import urllib.parse

import requests

from dev.sandbox import signing


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
            self.base + path, params=query, headers=self._headers(token, headers), timeout=90
        )

    def post(self, path, token=None, headers=(), **body):
        """Send a POST with a JSON body."""
        return self.http.post(
            self.base + path, json=body, headers=self._headers(token, headers), timeout=90
        )

    def upload(self, path, content, name="members.csv", **fields):
        """Send a POST with a file."""
        return self.http.post(
            self.base + path,
            data=fields,
            files={"file": (name, content)},
            headers=self._headers(None, ()),
            timeout=90,
        )

    def _headers(self, token, extra):
        value = self.token if token is None else token
        return {**({"Access-Token": value} if value else {}), **dict(extra)}


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
    """Calls the developer platform as the demo's app.

    :param Sandbox tiktok: the sandbox
    """

    REDIRECT = "https://odoo.example.com/api/integrations/accounts/oauth/callback/tiktok/"
    VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    PUBLIC, PRIVATE = "oasis.furniture", "oasis.workshop"

    def __init__(self, tiktok):
        self.tiktok = tiktok
        self.app = tiktok.describe()["developer_apps"][0]
        self.key = self.app["client_key"]
        self.keys = {"client_key": self.key, "client_secret": self.app["client_secret"]}
        tiktok.set_redirect_uris(self.key, [self.REDIRECT])
        self.http = requests.Session()
        self.http.trust_env = False
        self.token = None

    def login(self, username=None, scopes=None):
        """Get a token without a browser and use it from now on."""
        username = username or self.PUBLIC
        made = self.tiktok.grant_developer_token(self.key, username, scopes)
        self.token = made["access"]
        return made

    def url(self, **changes):
        """Return an authorise address; None takes a parameter away."""
        query = {
            "client_key": self.key,
            "scope": "user.info.basic,video.list",
            "response_type": "code",
            "redirect_uri": self.REDIRECT,
            "state": "st4te",
            "code_challenge": signing.challenge_hex(self.VERIFIER),
            "code_challenge_method": "S256",
            **changes,
        }
        given = {key: value for key, value in query.items() if value is not None}
        return f"{self.tiktok.url}/v2/auth/authorize/?{urllib.parse.urlencode(given)}"

    def code(self, url=None, **choices):
        """Say yes on the consent screen; return the code as it is to be sent back."""
        return query(self.tiktok.consent(url or self.url(), **choices))["code"]

    def exchange(self, code, **changes):
        """Exchange a code; None takes a field away."""
        form = {
            **self.keys,
            "code": code,
            "grant_type": "authorization_code",
            "redirect_uri": self.REDIRECT,
            "code_verifier": self.VERIFIER,
            **changes,
        }
        return self.oauth({key: value for key, value in form.items() if value is not None})

    def refresh(self, refresh_token, **changes):
        """Refresh."""
        form = {**self.keys, "grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.oauth({**form, **changes})

    def oauth(self, form, path="/v2/oauth/token/"):
        """Post a form."""
        return self.http.post(self.tiktok.url + path, data=form, timeout=90)

    def get(self, path, token=None, **params):
        """Send a GET with the bearer token."""
        return self.http.get(
            self.tiktok.url + path, params=params, headers=self._headers(token), timeout=90
        )

    def post(
        self, path, body=None, token=None, content_type="application/json; charset=UTF-8", **params
    ):
        """Send a POST with the bearer token."""
        return self.http.post(
            self.tiktok.url + path,
            json=body,
            params=params,
            headers={**self._headers(token), "Content-Type": content_type},
            timeout=90,
        )

    def _headers(self, token):
        return {"Authorization": f"Bearer {token or self.token}"}


def query(url):
    """Return the query of an address as a dictionary, decoded."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


def fine(response):
    """Return ``data`` of a call of the developer platform that must have worked."""
    body = response.json()
    assert response.status_code == 200, body
    assert body["error"]["code"] == "ok"
    assert body["error"]["log_id"]
    return body["data"]


def wrong(response):
    """Return HTTP status and code of a call that must have failed."""
    error = response.json()["error"]
    assert error["code"] != "ok"
    assert error["message"]
    return response.status_code, error["code"]
