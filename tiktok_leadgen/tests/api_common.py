"""What the tests of the HTTP API share."""

import json
from datetime import timedelta

from odoo import fields

from .. import const
from ..tiktok.login import SCOPES, Tokens
from .common import TiktokHttpCommon
from .fake_open_api import FakeOpenApi


class ApiCommon(FakeOpenApi, TiktokHttpCommon):
    """A company with a connected account, and people with keys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"tiktok_client_key": "ck_demo", "tiktok_client_secret": "cs_demo"})
        cls.account = cls.make_account(cls.company, "Brand")
        cls.keys = {
            user: cls.env["res.users.apikeys"]
            .with_user(user)
            ._generate("rpc", "Program", fields.Datetime.now() + timedelta(days=1))
            for user in (cls.manager, cls.stranger, cls.salesman)
        }

    @classmethod
    def make_account(cls, company, name, **values):
        values = {"name": name, "company_id": company.id, **values}
        account = cls.env["tiktok.account"].create(values)
        account._connect_account(
            Tokens(f"oid_{name}", SCOPES, "act.first", 86400, "rft.first", 999999)
        )
        return account

    def call_api(self, path="", content=None, *, user=None, method=None, status=200, **headers):
        """Call the API as a program of a user, by default the manager.

        :param content: posted as JSON; None for a GET
        """
        key = self.keys[user or self.manager]
        headers = {"Authorization": f"Bearer {key}", **headers}
        if content is not None:
            headers.setdefault("Content-Type", "application/json")
        raw = content if isinstance(content, (bytes, type(None))) else json.dumps(content).encode()
        url = f"{const.ACCOUNTS_ROUTE}{path}"
        response = self.url_open(url, data=raw, headers=headers, method=method)
        self.assertEqual(response.status_code, status, response.text)
        self.assertEqual(response.headers["Content-Type"].partition(";")[0], "application/json")
        self.env.invalidate_all()
        self.answer = response
        return response.json()

    def refusal(self, *args, status, **kwargs):
        """Call it where it must refuse; return the code of the refusal."""
        content = self.call_api(*args, status=status, **kwargs)
        self.assertEqual(content.keys(), {"error"})
        self.assertEqual(content["error"].keys(), {"code", "message"})
        for secret in ("act.", "rft.", "cs_demo", "Traceback", "psycopg2"):
            self.assertNotIn(secret, self.answer.text)
        return content["error"]["code"]

    def path(self, what="", account=None):
        return f"{(account or self.account).id}/{what}"
