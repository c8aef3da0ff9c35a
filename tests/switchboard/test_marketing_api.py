"""Each fault of the local TikTok's switchboard on each endpoint of the Marketing API.

Real requests, real answers: every fault must end in the right state, with a sentence a person can
act on, and be gone with the next round.
"""

import shutil
import urllib.parse
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.tiktok_leadgen import const
from odoo.addons.tiktok_leadgen.tests.common import TiktokCommon
from odoo.addons.tiktok_leadgen.tiktok.business_client import RATE_LIMITER

SEND = requests.Session.send  # before Odoo's tests put theirs in its place
HANG_SECONDS = 0.5
FAULTS = {"status": 502, "429": 600, "code": 50000, "slow": 0.05, "hang": 30}
FAULTS.update(dict.fromkeys(("truncated", "reset", "garbage", "data", "dead_token")))
# What a sentence must hold so that a person can act on it.
ACTS = "Try again|try again|tried again|slow down|Click|click|support|fetched again|automatically"
TOKEN_PATH = "/oauth2/access_token/"
EXPORT_SLEEP = (
    "odoo.addons.tiktok_leadgen.models.reconciliation.tiktok_reconciliation_export.time.sleep"
)


@tagged("post_install", "-at_install")
class TestMarketingApi(TiktokCommon, HttpCase):
    """One ad account with one form and one subscription meets everything."""

    lasting = ()  # faults that stay

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Let calls to this machine pass, with less patience for what hangs."""
        if request.url.startswith(cls.tiktok_url):
            options["timeout"] = cls.seconds
        elif urllib.parse.urlsplit(request.url).hostname != "127.0.0.1":
            raise AssertionError(f"Unexpected call to {request.url}")
        return SEND(session, request, **options)

    def setUp(self):
        super().setUp()
        type(self).seconds, type(self).tiktok_url = 10, self.tiktok.url
        self.patch(RATE_LIMITER, "wait_for_permit", lambda: None)
        sleep = patch(EXPORT_SLEEP, self.pass_time)
        sleep.start()
        self.addCleanup(sleep.stop)
        for name, value in self.tiktok.base_urls.items():
            self.setting(name, value)
        self.setting("INTEGRATION_ENCRYPTION_KEY", "A" * 43 + "=")
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", self.base_url())
        self.app = self.tiktok.create_business_app(
            redirect_uris=[self.base_url() + const.BUSINESS_CALLBACK_ROUTE]
        )
        keys = {"tiktok_app_id": self.app["app_id"], "tiktok_app_secret": self.app["secret"]}
        self.company.write(keys)
        self.uid_at_tiktok = self.tiktok.create_advertiser(name="Watched")["advertiser_id"]
        self.page_uid = self.tiktok.create_form(self.uid_at_tiktok)["page_id"]
        self.manager.password = "tiktok_manager"
        self.authenticate("tiktok_manager", "tiktok_manager")
        self.addCleanup(shutil.rmtree, self.env["tiktok.reconciliation.export"]._get_folder(), True)

    # === ACTS === #

    def come_back(self):
        """Give consent at TikTok; return the page the browser ends on."""
        action = self.company.with_user(self.manager).action_tiktok_connect_ads()
        url = self.tiktok.consent(action["url"], advertiser_ids=[self.uid_at_tiktok])
        answer = self.url_open(url.removeprefix(self.base_url()), allow_redirects=False)
        self.env.invalidate_all()
        return answer

    @property
    def advertiser(self):
        """Return the ad account, once it is connected."""
        found = self.env["tiktok.advertiser"].with_context(active_test=False)
        return found.search([("advertiser_uid", "=", self.uid_at_tiktok)])

    def connect(self):
        """Connect the ad account and receive its leads."""
        self.assertEqual(self.come_back().status_code, 303)
        self.advertiser._sync_forms()
        self.advertiser.write({"wants_leads": True, "sync_requested": False})
        self.advertiser._subscribe_to_leads()
        self.env["tiktok.reconciliation"].search([]).unlink()
        return self.advertiser

    def run_job(self, name):
        """Run a scheduled action."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"tiktok_leadgen.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def sync(self):
        """Look after the ad account; return what it says."""
        self.advertiser.sync_requested = True
        self.advertiser.form_ids.questions_at = False
        self.run_job("ir_cron_sync_advertisers")
        if self.advertiser.state == "revoked":
            return self.advertiser.activity_ids.note
        return self.advertiser.sync_error

    def watch(self):
        """Run the watchdog; return the problem it reports, unless it has fixed it."""
        self.advertiser.write({"health_tried_at": False, "health_reconciliation_id": False})
        self.run_job("ir_cron_watchdog")
        healed = (
            self.advertiser.health == "repairing" and not self.advertiser.health_unchecked_since
        )
        return not healed and self.advertiser.health_reason

    def reconcile(self):
        """Run a reconciliation as far as it comes without waiting; return what it says."""
        run = self.env["tiktok.reconciliation"]._start_for_advertisers(self.advertiser)
        self.env.cr.execute("UPDATE tiktok_reconciliation SET next_at = NULL")
        self.pass_time(0)
        self.run_job("ir_cron_backfill")
        return run.status_text if run.state in ("running", "waiting") else run.error

    def pass_time(self, _seconds):
        """Let TikTok's exports be due."""
        self.env.cr.execute(
            "UPDATE tiktok_reconciliation_export SET next_request_at = now() - interval '1 hour'"
        )
        self.env.invalidate_all()

    def create_test_lead(self):
        """Ask for a test lead and end it; return why there was none, or why it is still there."""
        action = self.advertiser.form_ids.with_user(self.manager).action_test_connection()
        test = self.env["tiktok.connection.test"].browse(action["res_id"])
        self.assertEqual(test.state, "failed" if test.refusal else "running")
        test._finish_test("failed")
        return test.refusal or test.leftover

    # === CHECKS === #

    def break_(self, path, kind):
        """Set a fault; what hangs must not keep the tests."""
        type(self).seconds = HANG_SECONDS if kind == "hang" else 10
        self.tiktok.clear_faults()
        for fault in (*self.lasting, {"path": path, "kind": kind, "value": FAULTS[kind]}):
            self.tiktok.set_fault(**fault)

    def fix_fault(self):
        """Take the fault away, after it was met."""
        self.assertTrue(self.tiktok.faults()[-1]["hits"])
        self.tiktok.clear_faults()
        for fault in self.lasting:
            self.tiktok.set_fault(**fault)
        type(self).seconds = 10

    def each(self, path, act, *, with_token=True, healed=()):
        """Meet every fault on an endpoint, and be well again after it.

        :param healed: faults that come after TikTok did it, where that is seen immediately
        """
        self.connect()
        for kind in FAULTS:
            with self.subTest(path=path, kind=kind):
                self.break_(path, kind)
                sentence = act()
                self.fix_fault()
                dead = with_token and kind == "dead_token"
                if dead:
                    self.run_job("ir_cron_sync_advertisers")
                self.assertEqual(self.advertiser.state, "revoked" if dead else "connected")
                if kind in ("slow", *healed) or (kind == "dead_token" and not dead):
                    self.assertFalse(sentence)
                else:
                    self.check(sentence)
                if dead:
                    self.connect()
                self.assertFalse(act())
                self.assertEqual(self.advertiser.state, "connected")

    def check(self, sentence):
        """Check that a person can act on a sentence, and learns no secret from it."""
        self.assertRegex(sentence or "", ACTS)
        for secret in ("Traceback", self.app["secret"], *self.tokens()):
            self.assertNotIn(secret, sentence)

    def tokens(self):
        """Return the tokens TikTok gave."""
        return [each["token"] for each in self.tiktok.business_tokens()]

    # === TESTS === #

    def consent(self, path, kinds, *, works):
        """Meet faults while the browser comes back from TikTok."""
        for kind in kinds:
            with self.subTest(path=path, kind=kind):
                self.break_(path, kind)
                answer = self.come_back()
                self.fix_fault()
                self.assertEqual(answer.status_code, 303 if works else 400)
                self.assertEqual(self.advertiser.state == "connected", works)
                if not works:
                    self.check(answer.text)
                    self.assertIn("/odoo/", answer.text)
                self.assertEqual(self.come_back().status_code, 303)
                self.advertiser._disconnect_advertiser()

    def test_the_token_is_fetched(self):
        self.consent(TOKEN_PATH, FAULTS.keys() - {"slow", "dead_token"}, works=False)
        # This call has the app's keys and no token.
        self.consent(TOKEN_PATH, ("slow", "dead_token"), works=True)

    def test_the_ad_accounts_are_listed(self):
        path = "/oauth2/advertiser/get/"
        self.consent(path, ["dead_token"], works=False)
        # The token came with the ids: the names can wait.
        self.consent(path, FAULTS.keys() - {"dead_token"}, works=True)

    def finish_disconnecting(self, path):
        """Meet faults while an ad account is disconnected; the watchdog finishes it."""
        for kind in FAULTS:
            with self.subTest(path=path, kind=kind):
                advertiser = self.connect()
                self.break_(path, kind)
                advertiser.with_user(self.manager).action_disconnect()
                self.fix_fault()
                self.assertEqual((advertiser.state, advertiser.removed_reason), ("revoked", "here"))
                self.assertFalse(advertiser.sudo().business_token_id)
                if advertiser.is_disconnecting:
                    self.check(advertiser.disconnect_reason)
                self.env.cr.execute("UPDATE tiktok_revocation SET next_at = now()")
                self.run_job("ir_cron_watchdog")
                self.assertFalse(advertiser.is_disconnecting)
                alive = [each for each in self.tiktok.business_tokens() if not each["revoked"]]
                self.assertNotIn(self.app["app_id"], [each["app_id"] for each in alive])

    def test_disconnecting_is_finished(self):
        self.finish_disconnecting("/oauth2/revoke_token/")
        self.finish_disconnecting("/subscription/get/")
        self.finish_disconnecting("/subscription/unsubscribe/")

    def test_the_list_of_forms(self):
        self.each("/page/get/", self.sync)

    def test_the_list_of_forms_for_a_reconciliation(self):
        def reconcile():
            self.advertiser.last_sync_at = False
            sentence = self.reconcile()
            self.assertEqual(self.advertiser.form_ids.mapped("status"), ["published"])
            return sentence

        self.each("/page/get/", reconcile)

    def test_the_list_of_libraries(self):
        self.each("/page/library/get/", self.sync)

    def test_the_questions_of_a_form(self):
        self.each("/lead/field/get/", self.sync)

    def test_the_questions_of_a_form_where_only_the_older_way_is_allowed(self):
        self.lasting = [{"path": "/lead/field/get/", "kind": "code", "value": 40001}]
        self.each("/page/field/get/", self.sync)

    def create_lead_of_ad(self):
        """Create a lead of an ad; return the ad and the video that it shows."""
        ad = self.tiktok.create_ads(page_id=self.page_uid)[0]
        name = f"maker{ad['ad_id']}"
        self.tiktok.create_creator(username=name)
        item_uid = self.tiktok.add_video(username=name, title="Tour")["video_id"]
        self.tiktok.show_post_in_ad(ad["ad_id"], item_uid)
        uids = {"advertiser_id": int(self.uid_at_tiktok), "ad_id": int(ad["ad_id"])}
        self.make(page_id=int(self.page_uid), **uids)
        ad_entity = self.env["tiktok.ad.entity"].search([("uid", "=", ad["ad_id"])])
        account = self.env["tiktok.account"].create({"name": "A", "company_id": self.company.id})
        video = self.env["tiktok.video"].create({"account_id": account.id, "video_uid": item_uid})
        return ad_entity, video

    def look_at_ads(self, ad_entity, video):
        """Look after the ad account as if it had not asked for this ad yet."""
        ad_entity.write({"item_uid": False, "item_asked_at": False})
        video.ad_uids = False
        self.assertFalse(self.sync())
        self.assertEqual(self.advertiser.state, "connected")
        self.assertFalse(self.advertiser.activity_ids)
        self.assertGreater(self.advertiser.sync_next_at, fields.Datetime.now() + timedelta(hours=1))

    def test_what_ads_show(self):
        """Few apps may ask for it: no fault of it is one of the ad account."""
        self.connect()
        ad_entity, video = self.create_lead_of_ad()
        for kind in FAULTS:
            with self.subTest(kind=kind):
                self.break_("/ad/get/", kind)
                self.look_at_ads(ad_entity, video)
                self.fix_fault()
                self.assertEqual(video.ad_uids, kind == "slow" and ad_entity.uid)
                self.look_at_ads(ad_entity, video)
                self.assertEqual(video.ad_uids, ad_entity.uid)

    def test_an_app_that_may_not_read_ads(self):
        self.connect()
        ad_entity, video = self.create_lead_of_ad()
        self.tiktok.set_settings(ads_read="no")
        self.addCleanup(self.tiktok.set_settings, ads_read="yes")
        self.look_at_ads(ad_entity, video)
        self.assertFalse(video.ad_uids or ad_entity.item_asked_at)

    def test_the_watchdog_asks_for_a_form_and_a_lead(self):
        for path in ("/page/get/", "/lead/get/"):
            self.each(path, self.watch)

    def test_the_list_of_subscriptions(self):
        self.each("/subscription/get/", self.watch, with_token=False)

    def test_a_subscription_is_made(self):
        def watch():
            for each in self.tiktok.subscriptions():
                self.tiktok.remove_webhook(subscription_id=each["subscription_id"])
            return self.watch()

        self.each("/subscription/subscribe/", watch, healed=("truncated", "reset", "data"))

    def test_a_subscription_is_ended(self):
        self.tiktok.set_settings(subscription_unique="none")
        self.addCleanup(self.tiktok.set_settings, subscription_unique="detail")

        def watch():
            url = self.tiktok.subscriptions()[-1]["callback_url"]
            self.tiktok.subscribe_other_program(
                callback_url=url, advertiser_id=self.uid_at_tiktok, app_id=self.app["app_id"]
            )
            return self.watch()

        self.each("/subscription/unsubscribe/", watch, with_token=False, healed=["data"])

    def test_an_export(self):
        for path in ("/page/lead/task/", "/page/lead/task/download/"):
            self.each(path, self.reconcile)

    def test_a_test_lead(self):
        for name, healed in (("create", ()), ("get", ()), ("delete", ["data"])):
            self.each(f"/page/lead/mock/{name}/", self.create_test_lead, healed=healed)
