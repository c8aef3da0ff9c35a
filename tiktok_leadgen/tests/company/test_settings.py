from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ... import settings
from ...tiktok import crypto
from ..common import TiktokCommon

MANAGER = "tiktok_leadgen.tiktok_leadgen_group_manager"


@tagged("post_install", "-at_install")
class TestSettings(TiktokCommon):
    def setUp(self):
        super().setUp()
        self.setting("INTEGRATION_ENCRYPTION_KEY", crypto.make_key())
        self.env["tiktok.token"].sudo().search([]).unlink()
        secrets = {"tiktok_client_secret": False, "tiktok_app_secret": False}
        self.env["res.company"].search([]).write(secrets)
        # Those of other companies are sealed with the key that was there before.
        self.env["tiktok.webhook.token"].search([]).unlink()
        self.env["tiktok.webhook.token"]._create_missing_tokens(self.company)
        self.administrator = self.make_user("administrator", f"base.group_system,{MANAGER}")
        self.parameters = self.env["ir.config_parameter"].sudo()
        self.parameters.set_param("web.base.url", "https://crm.example.com")

    def make_user(self, login, groups):
        return new_test_user(
            self.env,
            login,
            groups,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def form(self, user=None):
        wizards = self.env["res.config.settings"].with_user(user or self.administrator)
        view = self.env.ref("crm.res_config_settings_view_form")
        return Form(wizards.with_company(self.company), view)

    def save(self, **values):
        with self.form() as form:
            for name, value in values.items():
                form[name] = value
        form.record.execute()
        self.env.invalidate_all()

    def test_secrets_are_written_and_not_shown(self):
        self.save(
            tiktok_client_key="key-1",
            tiktok_client_secret="secret-1",
            tiktok_app_id="70001",
            tiktok_app_secret="secret-2",
        )
        self.assertEqual(self.company._tiktok_get_developer_app(), ("key-1", "secret-1"))
        sealed = self.company.sudo().tiktok_app_secret_sealed
        self.assertEqual(self.company._tiktok_open_app_secret(sealed), "secret-2")
        form = self.form()
        self.assertFalse(form.tiktok_client_secret)
        self.assertFalse(form.tiktok_app_secret)
        self.assertIn("is set", form.tiktok_client_secret_state)
        self.assertFalse(self.other_company.tiktok_client_key)

    def test_saving_something_else_keeps_the_secrets(self):
        self.save(tiktok_client_key="key-1", tiktok_client_secret="secret-1")
        self.save(tiktok_client_key="key-2")
        self.assertEqual(self.company._tiktok_get_developer_app(), ("key-2", "secret-1"))

    def test_what_the_environment_says(self):
        self.setting("TIKTOK_CLIENT_ID", "env-key")
        self.setting("TIKTOK_CLIENT_SECRET", "env-secret")
        form = self.form()
        self.assertEqual(form.tiktok_client_key_state, "env-key from the environment")
        self.assertIn("from the environment", form.tiktok_client_secret_state)
        self.assertFalse(form.tiktok_client_secret)
        self.assertEqual(self.company._tiktok_get_developer_app(), ("env-key", "env-secret"))
        self.save(tiktok_client_key="own-key")
        self.assertFalse(self.form().tiktok_client_key_state)

    def test_addresses(self):
        form = self.form()
        base = "https://crm.example.com/api/integrations"
        self.assertEqual(form.tiktok_redirect_uri, f"{base}/accounts/oauth/callback/tiktok/")
        self.assertEqual(form.tiktok_developer_webhook_url, f"{base}/webhooks/tiktok/")
        self.assertNotIn(self.company.tiktok_webhook_token, form.tiktok_webhook_url_masked)
        self.assertIn(self.company.tiktok_webhook_token, form.tiktok_webhook_url)

    def test_what_is_missing(self):
        self.assertIn("client key is missing", self.form().tiktok_missing)
        self.save(tiktok_client_key="key-1", tiktok_client_secret="secret-1")
        self.assertFalse(self.form().tiktok_missing)
        self.assertEqual(self.company.action_tiktok_check()["params"]["type"], "success")
        cases = [
            ("http://crm.example.com", "begins with https"),
            ("https://192.168.1.5", "cannot reach"),
            ("https://crm.example.com/?db=1", "? or #"),
            (f"https://crm.example.com/{'x' * 500}", "512 characters"),
        ]
        for base, sentence in cases:
            with self.subTest(base):
                self.parameters.set_param("web.base.url", base)
                self.assertIn(sentence, self.form().tiktok_missing)
                self.assertEqual(self.company.action_tiktok_check()["params"]["type"], "warning")

    def test_business_app_is_whole_or_not_there(self):
        self.save(tiktok_client_key="k", tiktok_client_secret="s", tiktok_app_id="70001")
        self.assertIn("Business app's secret", self.form().tiktok_missing)
        self.save(tiktok_app_id=False, tiktok_app_secret="secret")
        self.assertIn("Business app's ID", self.form().tiktok_missing)

    def test_state_of_the_encryption_key(self):
        old, new = crypto.make_key(), crypto.make_key()
        with patch.object(settings, "_key_file", crypto.make_key):
            cases = [(old, "From the environment."), (f"{new},{old}", "Keys: 2"), ("", "In a file")]
            for value, sentence in cases:
                self.setting("INTEGRATION_ENCRYPTION_KEY", value)
                self.assertIn(sentence, self.form().tiktok_key_state)
        self.setting("INTEGRATION_ENCRYPTION_KEY", "nonsense")
        self.assertIn("Cannot be used", self.form().tiktok_key_state)
        self.assertIn("cannot be encrypted", self.form().tiktok_missing)

    def test_lost_key_and_reseal(self):
        first, second = crypto.make_key(), crypto.make_key()
        self.env["tiktok.webhook.token"].search([]).unlink()  # sealed with the key in the file
        self.setting("INTEGRATION_ENCRYPTION_KEY", first)
        self.save(tiktok_client_key="key-1", tiktok_client_secret="secret-1")
        self.setting("INTEGRATION_ENCRYPTION_KEY", second)
        self.assertIn("no longer available", self.form().tiktok_missing)
        self.assertEqual(self.company.action_tiktok_reseal()["params"]["type"], "warning")
        self.setting("INTEGRATION_ENCRYPTION_KEY", f"{second},{first}")
        self.assertEqual(self.company.action_tiktok_reseal()["params"]["type"], "success")
        self.setting("INTEGRATION_ENCRYPTION_KEY", second)
        self.assertEqual(self.company._tiktok_get_developer_app()[1], "secret-1")

    def test_who_may(self):
        other = self.make_user("system_only", "base.group_system,sales_team.group_sale_manager")
        form = self.form(other)
        self.assertNotIn("tiktok_client_key", form._view["fields"])
        form.save().execute()
        with self.assertRaises(AccessError):
            form.record.with_user(other).read(["tiktok_webhook_url"])
        with self.assertRaises(AccessError):
            self.company.with_user(other).action_tiktok_reseal()
        with self.assertRaises(AccessError):
            self.company.with_user(self.stranger).action_tiktok_check()
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.manager).create({})

    def test_a_missing_rtlcss_is_named_where_a_language_needs_it(self):
        check = self.env["tiktok.configuration.check"]
        arabic = self.env["res.lang"]._activate_lang("ar_001")
        with patch("shutil.which", return_value=None):
            found = " ".join(check._find_problems(self.company))
            self.assertIn(f"The pages in {arabic.name} are not mirrored", found)
            self.assertIn("npm install -g rtlcss", found)
            arabic.active = False
            self.assertNotIn("rtlcss", " ".join(check._find_problems(self.company)))
        arabic.active = True
        with patch("shutil.which", return_value="/usr/bin/rtlcss"):
            self.assertNotIn("rtlcss", " ".join(check._find_problems(self.company)))
