from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ... import const
from ..common import entry
from ..fake_business_api import ONE, BusinessCommon

PAGE = "7600000000000000456"
DUMMY = "test lead: dummy data for campaign"


@tagged("post_install", "-at_install")
class TestConnectionTest(BusinessCommon):
    """The steps of a connection test, and the advice where one fails."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect_with_form(PAGE)
        self.form = self.advertiser.form_ids

    def run_test(self, record=None):
        """Click Test Connection; return the connection test."""
        record = record or self.form
        name = (
            "action_tiktok_test_connection"
            if record._name == "res.company"
            else "action_test_connection"
        )
        action = getattr(record.with_user(self.manager), name)()
        return self.env["tiktok.connection.test"].browse(action["res_id"])

    def arrive(self, test, **values):
        """Let TikTok deliver the test lead."""
        uid = int(test.lead_uid)
        self.receive(
            entry(uid, page_id=int(PAGE), advertiser_id=int(ONE), campaign_name=DUMMY), **values
        )

    def update(self, test, late=False):
        """Update the steps as the dialog does; return their states."""
        if late:
            test.began -= const.CONNECTION_TEST_SECONDS + 1
        test.with_user(self.manager).action_update_steps()
        return [step["state"] for step in test.steps]

    def text(self, test, key):
        return next(step["text"] for step in test.steps if step["key"] == key)

    def test_a_test_lead_received_after_the_test_is_ignored(self):
        test = self.run_test()
        self.update(test, late=True)
        self.assertEqual(test.state, "failed")
        self.arrive(test, campaign_name="Spring")
        self.process()
        event = self.event(test.lead_uid)
        self.assertEqual((event.state, event.reason), ("ignored", "connection_test"))
        self.assertFalse(self.lead(test.lead_uid))

    def test_every_step_passes(self):
        test = self.run_test()
        self.assertEqual(self.update(test)[:2], ["ok", "waiting"])
        self.arrive(test)
        self.assertEqual(self.update(test)[:4], ["ok", "ok", "warned", "waiting"])
        self.process()
        self.assertEqual(len(self.lead(test.lead_uid)), 1)
        unassigned = ["warned", "warned"]  # leads are assigned manually
        self.assertEqual(self.update(test), ["ok", "ok", "warned", "ok", "ok", *unassigned])
        self.assertIn("Unassigned", self.text(test, "assigned"))
        self.assertEqual(test.state, "passed")
        times = [step["ms"] for step in test.steps]
        self.assertNotIn(None, times)
        self.assertGreaterEqual(times[-1], times[4])
        self.assertIn("Lead created", test.steps_html)
        self.assertEqual(self.event(test.lead_uid).reason, "connection_test")
        self.assertFalse(self.form.last_lead_at)
        company = self.company.with_user(self.manager)
        self.assertEqual((company.tiktok_received_today, company.tiktok_created_today), (0, 0))
        report = self.env["tiktok.lead.report"].with_user(self.manager)
        self.assertEqual(report.action_overview(1)["events"]["received"], 0)
        self.assertFalse(self.lead(test.lead_uid))
        self.assertFalse(self.tiktok.mock)

    def test_an_unchecked_signature_is_a_warning(self):
        test = self.run_test()
        self.arrive(test)
        self.process()
        self.update(test)
        self.assertIn("There was no signature", self.text(test, "verified"))
        self.assertEqual((test.state, test.has_warnings), ("passed", True))
        test.steps = [{**step, "state": "ok"} for step in test.steps]
        self.assertFalse(test.has_warnings)

    def test_one_banner_is_shown(self):
        """One banner is shown, and none claims that a leftover lead was deleted."""
        arch = etree.fromstring(self.env["tiktok.connection.test"].get_view(None, "form")["arch"])
        banners = {
            node.get("name"): node.get("invisible") for node in arch.xpath("//*[@role='alert']")
        }
        for warned in (True, False):
            values = {"state": "passed", "has_warnings": warned, "leftover": False}
            shown = {name for name, hidden in banners.items() if not safe_eval(hidden, values)}
            self.assertEqual(shown, {"warned" if warned else "passed"})
        (deleted,) = arch.xpath("//*[@name='deleted']")
        values = {"state": "passed", "leftover": "The test lead is still at TikTok."}
        self.assertTrue(safe_eval(deleted.get("invisible"), values))

    def test_an_older_test_lead_is_deleted_first(self):
        self.tiktok.mock = "7600000000000000900"
        test = self.run_test()
        self.assertEqual(test.state, "running")
        self.assertNotEqual(self.tiktok.mock, "7600000000000000900")

    def test_the_simulated_assignment_is_shown(self):
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.salesman.id})
        test = self.run_test()
        self.arrive(test)
        self.process()
        self.assertFalse(self.lead(test.lead_uid).user_id)
        self.update(test)
        self.assertIn(self.salesman.name, self.text(test, "assigned"))
        self.assertIn(self.salesman.name, self.text(test, "notified"))

    # === FAILED STEPS === #

    def stop(self, key, says, test=None):
        """Let the time be over; check the advice, and that the test lead is deleted."""
        test = test or self.run_test()
        self.update(test, late=True)
        self.assertEqual(test.state, "failed")
        (failed,) = [step for step in test.steps if step["state"] == "failed"]
        self.assertEqual(failed["key"], key)
        self.assertIn(says, failed["text"])
        self.assertFalse(self.tiktok.mock)
        self.assertFalse(self.lead(test.lead_uid) if test.lead_uid else False)

    def test_a_private_url_is_explained(self):
        self.stop("received", "public URL")

    def test_a_missing_subscription(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        self.advertiser.subscription_ids.unlink()
        self.stop("received", "click Receive Leads")

    def test_an_undelivered_lead_is_explained(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        self.env.invalidate_all()
        self.advertiser._subscribe_to_leads()
        self.stop("received", "firewall")

    def test_a_wrong_webhook_token_is_explained(self):
        test = self.run_test()
        self.arrive(test, token="wrong")
        self.stop("verified", "Quarantined", test)
        self.assertEqual(self.event(test.lead_uid).state, "ignored")

    def test_a_disabled_company_is_explained(self):
        self.company.tiktok_leadgen_enabled = False
        test = self.run_test()
        self.arrive(test)
        self.stop("mapped", "Lead generation is turned off", test)

    def test_a_disabled_scheduled_action_is_explained(self):
        self.env.ref(const.CRON_XMLID).active = False
        test = self.run_test()
        self.arrive(test)
        self.stop("mapped", "turned off", test)

    def test_a_missing_worker_is_explained(self):
        test = self.run_test()
        self.arrive(test)
        self.stop("mapped", "max_cron_threads", test)

    def test_a_delivery_to_another_company_is_explained(self):
        test = self.run_test()
        self.arrive(test, company=self.other_company)
        self.stop("received", "another company", test)

    def test_tiktok_refuses(self):
        self.tiktok.refusals["/page/lead/mock/create/"] = [40001]
        test = self.run_test()
        self.assertEqual(test.state, "failed")
        self.assertIn("must be an Admin", self.text(test, "created"))

    def test_a_leftover_test_lead_is_shown(self):
        self.tiktok.refusals["/page/lead/mock/delete/"] = [50000]
        test = self.run_test()
        self.arrive(test)
        self.process()
        self.update(test)
        self.assertEqual(test.state, "passed")
        self.assertIn("still at TikTok", test.leftover)

    def test_an_unmarked_test_lead_is_recognized(self):
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.salesman.id})
        test = self.run_test()
        self.receive(entry(int(test.lead_uid), page_id=int(PAGE), advertiser_id=int(ONE)))
        self.process()
        lead = self.lead(test.lead_uid)
        self.assertTrue(lead.tiktok_is_test)
        self.assertFalse(lead.user_id)

    def test_an_earlier_lead_of_the_same_person_stays(self):
        earlier = self.make(page_id=int(PAGE), advertiser_id=int(ONE))
        test = self.run_test()
        self.arrive(test)
        self.process()
        mine = self.lead(test.lead_uid)
        self.event(test.lead_uid).lead_id = earlier
        self.update(test)
        self.assertTrue(earlier.exists())
        self.assertTrue(mine.exists())

    # === WITHOUT THE MARKETING API === #

    def test_without_an_ad_account_odoo_delivers_the_lead(self):
        self.advertiser.with_user(self.manager).action_disconnect()
        test = self.run_test(self.company)
        self.assertIn("tests Odoo only", self.text(test, "created"))
        self.process()
        done = ["warned", "ok", "ok", "ok", "ok", "warned", "warned"]
        self.assertEqual(self.update(test), done)
        self.assertFalse(self.lead(test.lead_uid))
        with self.assertRaises(UserError):
            self.run_test(self.form)

    # === ACCESS AND CLEANUP === #

    def test_only_managers_can_run_a_test(self):
        test = self.run_test(self.company)
        for user in (self.salesman, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                test.with_user(user).action_update_steps()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.company.with_user(user).action_tiktok_test_connection()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.form.with_user(user).action_test_connection()

    def test_an_abandoned_test_is_closed_and_deleted(self):
        test = self.run_test()
        test.began -= 3 * const.CONNECTION_TEST_SECONDS
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(test.state, "failed")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tiktok_connection_test SET create_date = now() - interval '8 days'"
        )
        self.env.invalidate_all()
        self.env["tiktok.connection.test"]._gc_connection_tests()
        self.assertFalse(test.exists())
