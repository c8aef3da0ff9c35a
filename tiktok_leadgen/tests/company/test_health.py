import re

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ... import const, health
from ..common import TiktokHttpCommon, entry


@tagged("post_install", "-at_install")
class TestHealth(TiktokHttpCommon):
    """What a monitoring system reads over HTTP."""

    def setUp(self):
        super().setUp()
        self.token = health.replace_token(self.env)
        self.env.flush_all()

    def get(self, token=None, query="", **headers):
        """Read the address with a token of the header."""
        headers["Authorization"] = f"Bearer {self.token if token is None else token}"
        return self.url_open(f"{const.HEALTH_ROUTE}{query}", headers=headers)

    def test_only_the_current_token_counts_and_only_its_hash_is_stored(self):
        self.assertEqual(self.get().status_code, 200)
        self.assertEqual(self.get("", f"?token={self.token}").status_code, 200)
        for wrong in ("wrong", "", self.company.tiktok_webhook_token):
            response = self.get(wrong)
            self.assertEqual(response.status_code, 401)
            self.assertEqual(response.json()["error"]["code"], "unauthorized")
        stored = self.env["ir.config_parameter"].get_param(health.PARAMETER)
        self.assertNotIn(self.token, stored)
        self.assertEqual(self.get(stored).status_code, 401)
        old = self.token
        self.token = health.replace_token(self.env)
        self.env.flush_all()
        self.assertEqual((self.get(old).status_code, self.get().status_code), (401, 200))

    def test_without_a_token_no_one_reads_it(self):
        self.env["ir.config_parameter"].set_param(health.PARAMETER, False)
        self.env.flush_all()
        self.assertEqual(self.get("").status_code, 401)
        self.assertEqual(self.get(self.token).status_code, 401)

    def test_it_counts_what_waits_and_failed_and_names_no_person(self):
        self.receive(entry(answers={"name": "Ana Secreta"}), entry())
        self.receive(entry(), token="wrong")
        self.env.cr.execute(
            "UPDATE tiktok_event SET next_try_at = next_try_at - interval '2 minutes'"
        )
        before = self.env["tiktok.event"].search_count([("state", "=", "quarantined")])
        response = self.get()
        found = response.json()
        self.assertNotIn("Ana", response.text)
        self.assertGreaterEqual(found["queue"]["waiting"], 2)
        self.assertGreater(found["queue"]["oldest_seconds"], 100)
        self.assertTrue(found["queue"]["cause"])
        self.assertEqual(found["deliveries"]["quarantined"], before)
        self.assertEqual((found["status"], found["problems"]["queue"]), ("critical", "critical"))
        self.assertEqual(found["key"]["usable"], True)
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_a_lost_key_and_a_job_that_is_off_are_problems(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", "no key")
        self.env.ref(const.CRON_XMLID).active = False
        self.env.flush_all()
        found = self.get().json()
        self.assertEqual(found["key"], {"usable": False, "lost_secrets": None})
        self.assertEqual(found["problems"]["key"], "critical")
        self.assertIn("scheduled_actions", found["problems"])
        self.assertGreaterEqual(found["scheduled_actions"]["off"], 1)

    def test_prometheus_gets_its_text(self):
        self.receive(entry())
        for response in (self.get(query="?format=prometheus"), self.get(Accept="text/plain")):
            self.assertEqual(
                response.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8"
            )
            lines = response.text.splitlines()
            samples = [line for line in lines if not line.startswith("#")]
            shape = r'tiktok_leadgen_[a-z_]+(\{[a-z]+="[a-z_]+"\})? [0-9.]+'
            for line in samples:
                self.assertTrue(re.fullmatch(shape, line), line)
            self.assertIn("tiktok_leadgen_key_usable 1", samples)
            self.assertTrue(
                any(line.startswith("tiktok_leadgen_queue_waiting ") for line in samples)
            )
            types = [line for line in lines if line.startswith("# TYPE")]
            self.assertEqual(len(types), len(set(types)))

    def test_only_an_administrator_gets_a_new_url_and_sees_it_once(self):
        administrator = new_test_user(
            self.env,
            "tiktok_administrator",
            "base.group_system,tiktok_leadgen.tiktok_leadgen_group_manager",
        )
        settings = self.env["res.config.settings"].with_user(administrator)
        shown = settings.create({}).action_tiktok_new_health_token()["params"]["message"]
        self.env.flush_all()
        path, token = shown.split("?token=")
        self.assertTrue(path.endswith(const.HEALTH_ROUTE))
        self.assertEqual(self.get(token).status_code, 200)
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(
                self.manager
            ).new().action_tiktok_new_health_token()
