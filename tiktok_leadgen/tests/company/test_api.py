from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ... import const
from ..common import TiktokHttpCommon

ROUTE = const.LEADGEN_CONFIG_ROUTE


@tagged("post_install", "-at_install")
class TestApi(TiktokHttpCommon):
    """What programs may ask: the webhook address of the user's company."""

    def get(self, query="", key=None, route=ROUTE):
        headers = {"Authorization": key if " " in key else f"Bearer {key}"} if key else None
        return self.url_open(f"{route}{query}", headers=headers)

    def key(self, user, days=1):

        expires = fields.Datetime.now() + timedelta(days=days)
        keys = self.env["res.users.apikeys"].with_user(user)
        return keys.sudo()._generate("rpc", "test", expires)

    def assert_error(self, response, status, code):
        self.assertEqual(response.status_code, status)
        self.assertEqual(response.headers["Content-Type"], "application/json; charset=utf-8")
        self.assertEqual(response.json()["error"]["code"], code)
        self.assertTrue(response.json()["error"]["message"])
        self.assertEqual(set(response.json()), {"error"})

    def assert_config(self, response, company):
        self.assertEqual(response.status_code, 200)
        content = response.json()
        self.assertEqual(content["company_id"], company.id)
        url = company.tiktok_webhook_url
        self.assertEqual(content["webhook_url"], url)
        self.assertTrue(
            url.endswith(f"?company_id={company.id}&token={company.tiktok_webhook_token}")
        )
        self.assertIn(const.LEAD_WEBHOOK_ROUTE, url)

    def test_a_session_of_an_administrator_gets_the_address(self):
        self.authenticate("tiktok_manager", "tiktok_manager")
        for route in (ROUTE, ROUTE.rstrip("/")):
            self.assert_config(self.get(route=route), self.company)

    def test_an_api_key_of_an_administrator_gets_the_address(self):
        key = self.key(self.manager)
        self.assert_config(self.get(key=key), self.company)
        self.assert_config(self.get(key=f"bearer {key}"), self.company)

    def test_the_address_that_is_given_works(self):
        url = self.get(key=self.key(self.manager)).json()["webhook_url"]
        query = url.split("?")[1]
        self.post({"name": "Ana", "lead_id": "55"}, query=query)
        self.assertEqual(self.event("55").state, "pending")

    def test_nobody_gets_401(self):
        self.assert_error(self.get(), 401, "unauthorized")

    def test_a_wrong_key_gets_401_even_in_a_session(self):
        key = self.key(self.manager)
        for wrong in (key[:-1], f"{key}0", "x", f"Basic {key}", f"{key} {key}", "é"):
            self.assert_error(self.get(key=wrong.encode().decode("latin-1")), 401, "unauthorized")
        self.authenticate("tiktok_manager", "tiktok_manager")
        self.assert_error(self.get(key="x"), 401, "unauthorized")

    def test_a_key_that_is_over_or_revoked_gets_401(self):
        key = self.key(self.manager)
        self.manager.api_key_ids.sudo()._remove()
        self.assert_error(self.get(key=key), 401, "unauthorized")
        key = self.key(self.manager)
        self.env.cr.execute("UPDATE res_users_apikeys SET expiration_date = now() - interval '1d'")
        self.assert_error(self.get(key=key), 401, "unauthorized")

    def test_the_key_of_who_was_archived_gets_401(self):
        key = self.key(self.manager)
        self.manager.active = False
        self.assert_error(self.get(key=key), 401, "unauthorized")

    def test_who_is_no_administrator_gets_403(self):
        new_test_user(self.env, "tiktok_portal", "base.group_portal")
        for login in ("tiktok_salesman", "tiktok_portal"):
            self.authenticate(login, login)
            self.assert_error(self.get(), 403, "forbidden")
            self.assert_error(self.get(f"?company_id={self.company.id}"), 403, "forbidden")

    def test_a_company_of_others_or_of_nobody_gets_404(self):
        key = self.key(self.manager)
        for text in (self.other_company.id, 999999999, "abc", "-1", "0", "%00", "9" * 40):
            self.assert_error(self.get(f"?company_id={text}", key=key), 404, "not_found")

    def test_who_has_two_companies_may_ask_for_either(self):
        self.manager.company_ids += self.other_company
        key = self.key(self.manager)
        self.assert_config(self.get(key=key), self.company)
        for company in (self.company, self.other_company):
            self.assert_config(self.get(f"?company_id={company.id}", key=key), company)

    def test_a_stranger_gets_his_own(self):
        self.assert_config(self.get(key=self.key(self.stranger)), self.other_company)

    def test_a_key_beats_the_session_of_somebody_else(self):
        self.authenticate("tiktok_manager", "tiktok_manager")
        self.assert_config(self.get(key=self.key(self.stranger)), self.other_company)
        self.assert_config(self.get(), self.company)

    def test_an_unknown_parameter_does_no_harm_and_a_post_is_not_allowed(self):
        key = self.key(self.manager)
        self.assert_config(self.get("?x=1", key=key), self.company)
        response = self.url_open(ROUTE, data=b"{}", method="POST")
        self.assertEqual(response.status_code, 405)

    def test_a_refusal_never_shows_the_address(self):
        self.authenticate("tiktok_salesman", "tiktok_salesman")
        response = self.get(f"?company_id={self.company.id}")
        self.assertNotIn(self.company.tiktok_webhook_token, response.text)
        self.assertNotIn("Traceback", response.text)
