import requests

from odoo.tests import tagged

from .fake_business_api import BusinessCommon, response
from .fake_tiktok import response as raw

PAGE = "7600000000000000456"
GATEWAY = b"<html><body>502 Error</body></html>"
# What a sentence must hold so that a person can act on it.
ACTS = "Try again|try again|tried again|slow down|Press|press|tell support|fetched again"


def _cut():
    found = raw(200, b'{"code": 0, "mess')
    found.headers["Content-Length"] = "999"
    return found


def _busy():
    found = raw(429, b"Too Many Requests")
    found.headers["Retry-After"] = "600"
    return found


# The switchboard of the local TikTok, as answers; "slow" is the right answer, only later.
FAULTS = {
    "status": lambda: raw(502, GATEWAY),
    "429": _busy,
    "code": lambda: response({"code": 50000, "message": "No.", "request_id": "req-1"}),
    "hang": lambda: requests.ReadTimeout("late"),
    "truncated": _cut,
    "reset": lambda: requests.ConnectionError("reset"),
    "garbage": lambda: raw(200, b"<!doctype html><p>please wait"),
    "dead_token": lambda: response({"code": 40105, "message": "No.", "request_id": "req-1"}),
}


@tagged("post_install", "-at_install")
class TestBusinessFaults(BusinessCommon):
    """Each fault on each endpoint ends in the right state and a sentence to act on."""

    def setUp(self):
        super().setUp()
        self.tiktok.add_form(PAGE)
        self.advertiser = self.connect()
        self.advertiser._sync_forms()
        self.advertiser._subscribe()
        self.env["tiktok.backfill"].search([]).unlink()

    def each(self, path, act):
        """Meet every fault on an endpoint, each in a world of its own."""
        for kind, make in FAULTS.items():
            with self.subTest(path=path, kind=kind):
                self.restore()
                self.tiktok.faults = {path: make}
                sentence = act()
                self.tiktok.faults = {}
                self.assertRegex(sentence or "", ACTS)
                self.assertNotIn("Traceback", sentence)
                self.assertNotIn("fake-business-token", sentence)
                dead = kind == "dead_token"
                state = "revoked" if dead else "connected"
                self.assertEqual(self.advertiser.state, state)

    def restore(self):
        """Make the ad account as if nothing had happened."""
        if self.advertiser.state != "connected":
            self.connect()
            self.advertiser._subscribe()
            self.env["tiktok.backfill"].search([]).unlink()
        self.advertiser.write(
            {
                "sync_requested": True,
                "sync_error": False,
                "health": "ok",
                "health_reason": False,
                "health_problem": False,
                "health_tried_at": False,
                "health_unchecked_since": False,
            }
        )
        self.advertiser.form_ids.questions_at = False
        self.tiktok.mock = None

    def sync(self):
        self.look_after()
        if self.advertiser.state == "revoked":
            return self.advertiser.activity_ids.note
        return self.advertiser.sync_error

    def watch(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_watchdog").method_direct_trigger()
        self.env.invalidate_all()
        return self.advertiser.health_reason

    def prove(self):
        with self.enter_registry_test_mode():
            action = self.advertiser.form_ids.with_user(self.manager).action_prove()
        self.env.invalidate_all()
        proof = self.env["tiktok.proof"].browse(action["res_id"])
        self.assertEqual(proof.state, "failed")
        return proof.refusal

    def test_the_list_of_forms(self):
        self.each("/page/get/", self.sync)

    def test_the_list_of_libraries(self):
        self.each("/page/library/get/", self.sync)

    def test_the_questions_of_a_form(self):
        self.each("/lead/field/get/", self.sync)

    def test_the_probe_of_the_watchdog(self):
        self.each("/lead/get/", self.watch)

    def test_the_list_of_forms_for_the_watchdog(self):
        self.each("/page/get/", self.watch)

    def test_a_test_lead_is_made(self):
        self.each("/page/lead/mock/create/", self.prove)

    def test_the_older_test_lead_is_looked_for(self):
        self.each("/page/lead/mock/get/", self.prove)

    def test_the_older_test_lead_is_taken_away(self):
        def prove():
            self.tiktok.mock = "7600000000000000900"
            return self.prove()

        self.each("/page/lead/mock/delete/", prove)

    # These calls have the app's keys and no token: no fault here is about the consent.

    def each_of_the_app(self, path, act):
        for kind, make in FAULTS.items():
            if kind == "dead_token":
                continue
            with self.subTest(path=path, kind=kind):
                self.restore()
                self.tiktok.faults = {path: make}
                sentence = act()
                self.tiktok.faults = {}
                self.assertRegex(sentence or "", ACTS)
                self.assertEqual(self.advertiser.state, "connected")

    def test_the_list_of_subscriptions(self):
        self.each_of_the_app("/subscription/get/", self.watch)

    def test_a_subscription_is_made(self):
        def watch():
            self.tiktok.subscriptions.clear()
            return self.watch()

        self.each_of_the_app("/subscription/subscribe/", watch)

    def test_a_subscription_is_ended(self):
        def watch():
            twin = {**self.tiktok.subscriptions[0], "subscription_id": "999"}
            self.tiktok.subscriptions.append(twin)
            return self.watch()

        self.each_of_the_app("/subscription/unsubscribe/", watch)

    def test_the_consent_is_given_back_all_the_same(self):
        for kind, make in FAULTS.items():
            with self.subTest(kind=kind):
                self.restore()
                self.tiktok.faults = {"/oauth2/revoke_token/": make}
                self.advertiser.with_user(self.manager).action_disconnect()
                self.tiktok.faults = {}
                self.assertEqual(self.advertiser.removed_reason, "here")
                self.assertFalse(self.advertiser.sudo().business_token_id)
