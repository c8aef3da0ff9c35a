import inspect

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_open, mute_logger

from ..common_account import AccountCommon

SECRETS = ("act.fake1", "rft.fake1", "client-secret-9", "app-secret-9", "verifier-9")
# Methods that Odoo itself names and that we only extend.


class SecretsCommon(AccountCommon):
    def setUp(self):
        super().setUp()
        self.administrator = new_test_user(
            self.env,
            "all_rights",
            "base.group_system,base.group_erp_manager,base.group_allow_export,"
            "tiktok_leadgen.tiktok_leadgen_group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.connect()
        # As an administrator types them, with what Odoo writes down about changes.
        company = self.company.with_user(self.administrator).with_context(tracking_disable=False)
        company.write(
            {"tiktok_client_secret": "client-secret-9", "tiktok_app_secret": "app-secret-9"}
        )
        states = self.env["tiktok.oauth.state"].with_user(self.administrator)
        states._create_state(self.account, "https://odoo.example.com/", "verifier-9")
        self.env.flush_all()

    def sealed(self):
        """Return every record and field with something sealed in it."""
        return list(self.env["tiktok.secrets"]._find_sealed_fields())


@tagged("post_install", "-at_install")
class TestSecrets(SecretsCommon):
    def test_every_sealed_field_is_out_of_reach(self):
        found = self.sealed()
        self.assertGreaterEqual(len(found), 5)
        for record, name in found:
            seen = record.with_user(self.administrator)
            calls = {
                "read": lambda seen=seen, name=name: seen.read([name]),
                "web_read": lambda seen=seen, name=name: seen.web_read({name: {}}),
                "search": lambda seen=seen, name=name: seen.search([(name, "like", "g")]),
                "export": lambda seen=seen, name=name: seen.export_data([name]),
                "group": lambda seen=seen, name=name: seen.formatted_read_group([], [name]),
                "order": lambda seen=seen, name=name: seen.search([], order=name),
                "write": lambda seen=seen, name=name: seen.write({name: "x"}),
            }
            self.assertNotIn(name, seen.fields_get())
            self.assertEqual(record._fields[name].groups, fields.NO_ACCESS)
            for way, call in calls.items():
                case = self.subTest(record=record, field=name, way=way)
                with case, self.assertRaises(AccessError):
                    call()

    def test_nothing_readable_holds_a_secret(self):
        for record in (self.company, self.account):
            text = str(record.with_user(self.administrator).read())
            self.assertFalse([secret for secret in SECRETS if secret in text])

    def test_no_user_sets_what_only_tiktok_tells_of_an_account(self):
        accounts = self.env["tiktok.account"].with_user(self.administrator)
        account = self.account.with_user(self.administrator)
        scope = self.env["tiktok.scope"].search([], limit=1)
        forged = {
            "state": "draft",
            "open_id": "open-2",
            "granted_scope_ids": [(4, scope.id)],
            "sync_progress": {"run": 1},
            "nickname": "Forged",
            "video_ids": [(5,)],
        }
        for name, value in forged.items():
            calls = {
                "write": lambda values: account.write(values),
                "create": lambda values: accounts.create({"name": "Forged", **values}),
                "default": lambda values: accounts.with_context(
                    **{f"default_{name}": value for name, value in values.items()}
                ).create({"name": "Forged"}),
            }
            for way, call in calls.items():
                with self.subTest(field=name, way=way), self.assertRaises(UserError):
                    call({name: value})
        loaded = accounts.load(["name", "state"], [["Forged", "connected"]])
        self.assertFalse(loaded["ids"])
        self.assertEqual(account.state, "connected")
        account.write({"name": "Renamed", "active": False})
        self.assertEqual(account.copy().state, "draft")

    def test_tokens_and_consents_are_for_nobody(self):
        for name in ("tiktok.token", "tiktok.oauth.state"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.env[name].with_user(self.administrator).search([])

    def test_no_table_has_a_secret_in_clear(self):
        for table in (
            *("tiktok_token", "tiktok_oauth_state", "tiktok_account", "res_company"),
            *("res_config_settings", "mail_tracking_value", "mail_message", "ir_config_parameter"),
        ):
            for secret in SECRETS:
                query = f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s"  # noqa: S608
                self.env.cr.execute(query, [f"%{secret}%"])
                self.assertEqual(self.env.cr.fetchone()[0], 0, (table, secret))

    def test_settings_keep_no_secret(self):
        values = {"company_id": self.company.id, "tiktok_client_secret": "client-secret-9"}
        wizard = self.env["res.config.settings"].with_user(self.administrator)
        wizard = wizard.with_company(self.company).create(values)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(wizard.tiktok_client_secret)
        self.test_no_table_has_a_secret_in_clear()

    def test_copied_database(self):
        with file_open("tiktok_leadgen/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.sealed())
        self.assertEqual(self.account.state, "disconnected")
        self.assertFalse(self.env["tiktok.token"].sudo().search([]))
        companies = self.env["res.company"].with_context(active_test=False).search([])
        self.assertFalse([token for token in companies.mapped("tiktok_webhook_token") if token])

    def test_outside_reaches_actions_only(self):
        for name, model in self.env.registry.items():
            ours = [c for c in model.__mro__ if ".tiktok_leadgen." in f"{c.__module__}."]
            odoos = {method for c in model.__mro__ if c not in ours for method in vars(c)}
            for part in ours if issubclass(model, models.BaseModel) else ():
                for method, _function in inspect.getmembers(part, inspect.isfunction):
                    if method in vars(part) and not method.startswith(("_", "action_")):
                        self.assertIn(method, odoos, f"{name}.{method} is open to RPC")


@tagged("post_install", "-at_install")
class TestSecretsOverHttp(HttpCase, SecretsCommon):
    @mute_logger("odoo.http")  # tells of each refusal
    def test_through_http(self):
        keys = self.env["res.users.apikeys"].with_user(self.administrator)
        key = keys._generate("rpc", "test", None)
        headers = {"Authorization": f"Bearer {key}"}
        company = self.company.id
        for path, body in (
            ("tiktok.token/search_read", {}),
            ("tiktok.oauth.state/search_read", {}),
            ("tiktok.account/_get_access_token", {"ids": self.account.ids}),
            ("tiktok.secrets/_open_secret", {"sealed": "x"}),
            ("tiktok.token/_valid", {"account": self.account.id}),
            ("res.company/read", {"ids": [company], "fields": ["tiktok_client_secret_sealed"]}),
        ):
            answer = self.url_open(f"/json/2/{path}", json=body, headers=headers)
            self.assertIn(answer.status_code, (403, 404, 422), path)
            for secret in (*SECRETS, "gAAAA"):
                self.assertNotIn(secret, answer.text)
        body = {"ids": [company], "fields": ["tiktok_client_secret", "has_tiktok_client_secret"]}
        answer = self.url_open("/json/2/res.company/read", json=body, headers=headers)
        read = answer.json()[0]
        self.assertFalse(read["tiktok_client_secret"])
        self.assertTrue(read["has_tiktok_client_secret"])
