"""Talk to a served Odoo as a user does, with the standard library alone."""

import http.cookiejar
import json
import urllib.error
import urllib.request


class Session:
    """A logged-in session.

    :param str base: Odoo's address
    """

    seconds = 60  # for one answer

    def __init__(self, base, database, login="admin", password="admin"):  # noqa: S107 - the demo's
        self.base = base
        self._password = password
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self.call_route(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )

    def call_route(self, route, params):
        """Call a JSON-RPC route.

        :raise RuntimeError: with Odoo's message if it refuses
        """
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(
            self.base + route, body, {"Content-Type": "application/json"}
        )
        with self._opener.open(request, timeout=self.seconds) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer.get("result")  # a method that returns nothing has none

    def call(self, model, method, *args, **kwargs):
        """Call a model's method."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.call_route(f"/web/dataset/call_kw/{model}/{method}", params)

    def get(self, route):
        """Return the JSON of a route."""
        with self._opener.open(self.base + route, timeout=self.seconds) as response:
            return json.load(response)

    def open(self, path):
        """Open a page as the browser of this session does, and return its text.

        :rtype: str
        """
        with self._opener.open(self.base + path, timeout=self.seconds) as response:
            return response.read().decode()

    def make_api_key(self, name="Program"):
        """Make an API key for a day, the way the user's preferences do.

        :rtype: str
        """
        keys = "res.users.apikeys.description"
        record_id = self.call(keys, "create", {"name": name, "duration": "1"})
        action = self.call(keys, "make_key", [record_id])
        if action["res_model"] == "res.users.identitycheck":
            context = {"password": self._password}
            action = self.call(
                action["res_model"], "run_check", [action["res_id"]], context=context
            )
        return action["context"]["default_key"]


def post(url, body, headers=None):
    """Post JSON and return status and text.

    :rtype: tuple[int, str]
    """
    headers = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()
