from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .. import const
from .common import entry
from .fake_business_api import ONE, BusinessCommon

PAGE = "7600000000000000456"
DUMMY = "test lead: dummy data for campaign"


@tagged("post_install", "-at_install")
class TestProof(BusinessCommon):
    """A test lead on its whole way, and what is said where it stops."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect_with_form(PAGE)
        self.form = self.advertiser.form_ids

    def prove(self, record=None):
        """Press the button; return the proof."""
        record = record or self.form
        name = "action_tiktok_prove" if record._name == "res.company" else "action_prove"
        action = getattr(record.with_user(self.manager), name)()
        return self.env["tiktok.proof"].browse(action["res_id"])

    def arrive(self, proof, **values):
        """Let TikTok deliver the test lead."""
        uid = int(proof.lead_uid)
        self.receive(
            entry(uid, page_id=int(PAGE), advertiser_id=int(ONE), campaign_name=DUMMY), **values
        )

    def look(self, proof, late=False):
        """Look as the page does; return the states of the steps."""
        if late:
            proof.began -= const.PROOF_SECONDS + 1
        proof.with_user(self.manager).action_look()
        return [step["state"] for step in proof.steps]

    def text(self, proof, key):
        return next(step["text"] for step in proof.steps if step["key"] == key)

    def test_a_test_lead_that_comes_when_the_proof_is_over_is_no_lead(self):
        proof = self.prove()
        self.look(proof, late=True)
        self.assertEqual(proof.state, "failed")
        self.arrive(proof, campaign_name="Spring")
        self.process()
        event = self.event(proof.lead_uid)
        self.assertEqual((event.state, event.reason), ("ignored", "proof"))
        self.assertFalse(self.lead(proof.lead_uid))

    def test_the_whole_way(self):
        proof = self.prove()
        self.assertEqual(self.look(proof)[:2], ["ok", "waiting"])
        self.arrive(proof)
        self.assertEqual(self.look(proof)[:4], ["ok", "ok", "warned", "waiting"])
        self.process()
        self.assertEqual(len(self.lead(proof.lead_uid)), 1)
        self.assertEqual(self.look(proof), ["ok", "ok", "warned", "ok", "ok", "ok", "ok"])
        self.assertEqual(proof.state, "passed")
        times = [step["ms"] for step in proof.steps]
        self.assertNotIn(None, times)
        self.assertGreaterEqual(times[-1], times[4])
        self.assertIn("Lead made", proof.steps_html)
        self.assertEqual(self.event(proof.lead_uid).reason, "proof")
        self.assertFalse(self.form.last_lead_at)
        company = self.company.with_user(self.manager)
        self.assertEqual((company.tiktok_received_today, company.tiktok_created_today), (0, 0))
        report = self.env["tiktok.lead.report"].with_user(self.manager)
        self.assertEqual(report.action_overview(1)["events"]["received"], 0)
        self.assertFalse(self.lead(proof.lead_uid))
        self.assertFalse(self.tiktok.mock)

    def test_what_was_not_checked_is_no_success(self):
        proof = self.prove()
        self.arrive(proof)
        self.process()
        self.look(proof)
        self.assertIn("There was no signature", self.text(proof, "proven"))
        self.assertEqual((proof.state, proof.has_warnings), ("passed", True))
        proof.steps = [{**step, "state": "ok"} for step in proof.steps]
        self.assertFalse(proof.has_warnings)

    def test_the_verdict_is_one(self):
        """Of the banners one is shown, and none tells of a lead that is still at TikTok."""
        arch = etree.fromstring(self.env["tiktok.proof"].get_view(None, "form")["arch"])
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

    def test_an_older_test_lead_goes_first(self):
        self.tiktok.mock = "7600000000000000900"
        proof = self.prove()
        self.assertEqual(proof.state, "running")
        self.assertNotEqual(self.tiktok.mock, "7600000000000000900")

    def test_who_would_have_got_it(self):
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.salesman.id})
        proof = self.prove()
        self.arrive(proof)
        self.process()
        self.assertFalse(self.lead(proof.lead_uid).user_id)
        self.look(proof)
        self.assertIn(self.salesman.name, self.text(proof, "assigned"))
        self.assertIn(self.salesman.name, self.text(proof, "notified"))

    # === WHERE IT STOPS === #

    def stop(self, key, says, proof=None):
        """Let the time be over; the step says what to check, and all is tidied."""
        proof = proof or self.prove()
        self.look(proof, late=True)
        self.assertEqual(proof.state, "failed")
        (failed,) = [step for step in proof.steps if step["state"] == "failed"]
        self.assertEqual(failed["key"], key)
        self.assertIn(says, failed["text"])
        self.assertFalse(self.tiktok.mock)
        self.assertFalse(self.lead(proof.lead_uid) if proof.lead_uid else False)

    def test_an_address_that_is_not_public(self):
        self.stop("received", "public address")

    def test_a_missing_subscription(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        self.advertiser.subscription_ids.unlink()
        self.stop("received", "press Receive leads")

    def test_nothing_comes_and_nobody_knows_why(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        self.env.invalidate_all()
        self.advertiser._subscribe()
        self.stop("received", "firewall")

    def test_a_wrong_token(self):
        proof = self.prove()
        self.arrive(proof, token="wrong")
        self.stop("proven", "kept aside", proof)
        self.assertEqual(self.event(proof.lead_uid).state, "ignored")

    def test_the_company_is_off(self):
        self.company.tiktok_leadgen_enabled = False
        proof = self.prove()
        self.arrive(proof)
        self.stop("mapped", "Lead generation is off", proof)

    def test_the_job_is_off(self):
        self.env.ref(const.CRON_XMLID).active = False
        proof = self.prove()
        self.arrive(proof)
        self.stop("mapped", "switched off", proof)

    def test_no_worker_runs(self):
        proof = self.prove()
        self.arrive(proof)
        self.stop("mapped", "max_cron_threads", proof)

    def test_another_company_got_it(self):
        proof = self.prove()
        self.arrive(proof, company=self.other_company)
        self.stop("received", "another company", proof)

    def test_tiktok_refuses(self):
        self.tiktok.refusals["/page/lead/mock/create/"] = [40001]
        proof = self.prove()
        self.assertEqual(proof.state, "failed")
        self.assertIn("must be Admin", self.text(proof, "created"))

    def test_what_is_left_at_tiktok_is_said(self):
        self.tiktok.refusals["/page/lead/mock/delete/"] = [50000]
        proof = self.prove()
        self.arrive(proof)
        self.process()
        self.look(proof)
        self.assertEqual(proof.state, "passed")
        self.assertIn("still at TikTok", proof.leftover)

    def test_a_test_lead_that_tiktok_does_not_mark_is_one_all_the_same(self):
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.salesman.id})
        proof = self.prove()
        self.receive(entry(int(proof.lead_uid), page_id=int(PAGE), advertiser_id=int(ONE)))
        self.process()
        lead = self.lead(proof.lead_uid)
        self.assertTrue(lead.tiktok_is_test)
        self.assertFalse(lead.user_id)

    def test_an_earlier_lead_on_which_it_was_noted_stays(self):
        earlier = self.make(page_id=int(PAGE), advertiser_id=int(ONE))
        proof = self.prove()
        self.arrive(proof)
        self.process()
        mine = self.lead(proof.lead_uid)
        self.event(proof.lead_uid).lead_id = earlier
        self.look(proof)
        self.assertTrue(earlier.exists())
        self.assertTrue(mine.exists())

    # === WITHOUT THE MARKETING API === #

    def test_our_own_part(self):
        self.advertiser.with_user(self.manager).action_disconnect()
        proof = self.prove(self.company)
        self.assertIn("its own part only", self.text(proof, "created"))
        self.process()
        self.assertEqual(self.look(proof), ["warned", "ok", "ok", "ok", "ok", "ok", "ok"])
        self.assertFalse(self.lead(proof.lead_uid))
        with self.assertRaises(UserError):
            self.prove(self.form)

    # === WHO MAY, AND HOW LONG IT IS KEPT === #

    def test_who_may(self):
        proof = self.prove(self.company)
        for user in (self.salesman, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                proof.with_user(user).action_look()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.company.with_user(user).action_tiktok_prove()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.form.with_user(user).action_prove()

    def test_what_nobody_looks_at_is_ended_and_forgotten(self):
        proof = self.prove()
        proof.began -= 3 * const.PROOF_SECONDS
        self.env["tiktok.proof"]._close_left()
        self.assertEqual(proof.state, "failed")
        self.env.flush_all()
        self.env.cr.execute("UPDATE tiktok_proof SET create_date = now() - interval '8 days'")
        self.env.invalidate_all()
        self.env["tiktok.proof"]._gc_proofs()
        self.assertFalse(proof.exists())
