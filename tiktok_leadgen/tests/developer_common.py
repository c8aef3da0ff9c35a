"""What the tests of the developer webhook share: TikTok's vector and its signature."""

import hashlib
import hmac
import json
import time

from .. import const
from ..tiktok import signature
from ..tiktok.login import Tokens
from .common import TiktokHttpCommon

SECRET = "test_client_secret"
VECTOR = (
    b'{"client_key":"ck_demo","event":"authorization.removed","create_time":1784500000,'
    b'"user_openid":"oid_demo","content":"{\\"reason\\":1}"}'
)
VECTOR_HEADER = "t=1784500001,s=f0c95b1f200a126ad71feece4889f519ef04d742ad25558cd858a4bb033650b2"


def sign(raw, secret=SECRET, moment=None):
    """Return TikTok-Signature of a body."""
    moment = str(int(time.time() if moment is None else moment))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return f"t={moment},s={digest}"


class DeveloperCommon(TiktokHttpCommon):
    """A company with a developer app and an account that is connected through it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"tiktok_client_key": "ck_demo", "tiktok_client_secret": SECRET})
        cls.account = cls.make_account(cls.company)

    @classmethod
    def make_account(cls, company, open_id="oid_demo"):
        """Return a connected account."""
        account = cls.env["tiktok.account"].create({"name": "Brand", "company_id": company.id})
        account._connect_account(
            Tokens(open_id, ("user.info.basic",), "act.x", 86400, "rft.x", 999999)
        )
        account.connected_at = "2026-07-19 00:00:00"  # before 1784500000
        return account

    def deliver(self, raw=None, header=None, status=200, path=None, **values):
        """Post one event as TikTok does, and return the events there are."""
        if raw is None:
            event = {
                "client_key": "ck_demo",
                "event": "authorization.removed",
                "create_time": int(time.time()),
                "user_openid": "oid_demo",
                "content": '{"reason":1}',
                **values,
            }
            raw = json.dumps(event).encode()
        headers = {"Content-Type": "application/json"}
        header = sign(raw) if header is None else header
        if header:
            headers[signature.DEVELOPER_SIGNATURE_HEADER] = header
        route = path or const.DEVELOPER_WEBHOOK_ROUTE
        response = self.url_open(route, data=raw, headers=headers, method="POST")
        self.assertEqual(response.status_code, status, response.text)
        self.env.invalidate_all()
        return self.received()

    def received(self):
        return self.events.search([("verification", "=", "signature")], order="id")

    def tokens(self, account=None):
        account = account or self.account
        return self.env["tiktok.token"].sudo().search_count([("account_id", "=", account.id)])
