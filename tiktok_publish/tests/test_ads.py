import json
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.fake_business_api import ONE, TWO, BusinessCommon

from .. import const
from .common import start_attempt

PATH = "/ad/get/"
AD = "1809876543210987"  # of the leads of these tests unless they say otherwise
ITEM = "7512345678901234567"


@tagged("post_install", "-at_install")
class TestAds(BusinessCommon):
    """Which ads show a post or a video, as TikTok reports to apps that may read ads."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect()
        self.advertiser.wants_leads = True
        self.account = self.env["tiktok.account"].create(
            {"name": "Brand", "company_id": self.company.id, "username": "acme"}
        )
        self.tiktok.items = {AD: ITEM}

    def make_ad_lead(self, ad=AD, **values):
        """Return a lead that an ad brought."""
        origin = {"advertiser_id": int(ONE), "ad_id": int(ad), "ad_name": f"Ad {ad}"}
        return self.make(**{**origin, **values})

    def make_post(self, *uids, **values):
        """Return a post that the public sees under these ids."""
        post = self.env["tiktok.post"].create({"account_id": self.account.id, **values})
        start_attempt(post)
        post._store_public_uids(uids)
        return post

    def make_video(self, uid=ITEM):
        return self.env["tiktok.video"].create({"account_id": self.account.id, "video_uid": uid})

    def ad_entity(self, ad=AD):
        domain = [("kind", "=", "ad"), ("uid", "=", ad), ("company_id", "=", self.company.id)]
        return self.env["tiktok.ad.entity"].search(domain)

    def sync_advertiser(self):
        """Sync the ad account again."""
        self.advertiser._request_sync()
        self.look_after()

    def asked_ads(self):
        """Return the ads TikTok was asked about, question by question."""
        return [json.loads(params["filtering"])["ad_ids"] for params in self.tiktok.asked(PATH)]

    # === LINKS === #

    def test_a_post_counts_the_leads_of_the_ad_that_shows_it(self):
        post, other = self.make_post("7500000000000000001", ITEM), self.make_post("75")
        self.make_ad_lead()
        self.assertFalse(post.lead_count)
        self.sync_advertiser()
        self.assertEqual((post.ad_uids, post.lead_count), (AD, 1))
        self.assertFalse(other.ad_uids)
        (params,) = self.tiktok.asked(PATH)
        self.assertEqual(params["advertiser_id"], ONE)
        self.assertNotIn("fields", params)
        self.assertFalse(self.advertiser.sync_error)

    def test_video_counts_the_leads_of_its_ads(self):
        video = self.make_video()
        video.active = False
        self.make_ad_lead()
        self.sync_advertiser()
        self.assertEqual((video.ad_uids, video.lead_count), (AD, 1))

    def test_a_lead_that_lost_its_company_still_counts(self):
        post = self.make_post(ITEM, ad_uids=AD)
        lead, theirs = self.make_ad_lead(), self.make_ad_lead(company=self.other_company)
        (lead + theirs).company_id = False
        self.make_ad_lead("1800000000000000001").company_id = False
        self.assertEqual(post.with_user(self.manager).lead_count, 1)
        domain = post.with_user(self.manager).action_view_leads()["domain"]
        self.assertEqual(self.leads.search(domain), lead)

    def test_manually_entered_ads_stay(self):
        post = self.make_post(ITEM, ad_uids="1700000000000000001")
        self.make_ad_lead()
        self.sync_advertiser()
        self.assertEqual(post.ad_uids, f"1700000000000000001,{AD}")

    def test_post_is_linked_once_its_id_is_known(self):
        post = self.make_post()
        self.make_ad_lead()
        self.sync_advertiser()
        self.assertFalse(post.ad_uids)
        post._store_public_uids([ITEM])
        self.assertEqual(post.ad_uids, AD)

    def test_video_is_linked_once_it_is_synchronized(self):
        self.make_ad_lead()
        self.sync_advertiser()
        self.assertEqual(self.make_video().ad_uids, AD)
        self.assertFalse(self.make_video("75").ad_uids)

    def test_missing_link_is_restored_by_the_next_synchronization(self):
        post = self.make_post(ITEM)
        self.make_ad_lead()
        self.sync_advertiser()
        post.ad_uids = False
        self.sync_advertiser()
        self.assertEqual(post.ad_uids, AD)
        self.assertEqual(len(self.asked_ads()), 1)

    def test_ads_of_another_company_are_not_linked(self):
        account = self.account.copy({"company_id": self.other_company.id, "name": "Other"})
        theirs = self.env["tiktok.post"].create({"account_id": account.id})
        start_attempt(theirs)
        theirs._store_public_uids([ITEM])
        self.make_ad_lead()
        self.sync_advertiser()
        theirs._store_public_uids([ITEM])
        video = self.env["tiktok.video"].create({"account_id": account.id, "video_uid": ITEM})
        self.assertFalse(theirs.ad_uids or video.ad_uids)

    # === WHICH ADS ARE ASKED ABOUT === #

    def test_known_ads_are_not_requested_again(self):
        self.make_ad_lead()
        self.sync_advertiser()
        self.assertEqual(self.ad_entity().item_uid, ITEM)
        self.ad_entity().item_asked_at -= timedelta(days=400)
        self.sync_advertiser()
        self.assertEqual(self.asked_ads(), [[AD]])

    def test_ad_without_item_is_requested_again_after_a_week(self):
        self.tiktok.items = {AD: None}
        self.make_ad_lead()
        self.make_ad_lead("1809876543210988")  # TikTok has no such ad
        for days, count in ((0, 1), (6, 1), (8, 2)):
            for ad in (AD, "1809876543210988"):
                asked_at = fields.Datetime.now() - timedelta(days=days)
                self.ad_entity(ad).item_asked_at = days and asked_at
            self.sync_advertiser()
            self.assertEqual(len(self.asked_ads()), count)
        self.assertFalse(self.ad_entity().item_uid)

    def test_only_ads_of_this_account_and_company_are_requested(self):
        self.make_ad_lead()
        self.make_ad_lead("1800000000000000001", advertiser_id=int(TWO))
        self.make_ad_lead("1800000000000000002", company=self.other_company)
        self.make_ad_lead("1800000000000000003").tiktok_is_test = True
        self.make_ad_lead("1800000000000000003", company=self.other_company)
        self.make_ad_lead("1800000000000000004", ad_name="")
        self.sync_advertiser()
        self.assertEqual(self.asked_ads(), [[AD]])

    def test_campaign_with_the_same_id_is_no_ad(self):
        self.make_ad_lead()
        self.make_ad_lead(company=self.other_company)
        campaign = {"kind": "campaign", "uid": AD, "name": "x", "company_id": self.company.id}
        self.env["tiktok.ad.entity"].create(campaign)
        self.sync_advertiser()
        self.assertEqual(self.asked_ads(), [[AD]])
        known = self.env["tiktok.ad.entity"].search([("item_uid", "=", ITEM)])
        self.assertEqual(known, self.ad_entity())

    def test_unflushed_leads_are_found(self):
        def unread():
            return self.env["tiktok.ad.entity"]._find_unread_ads(self.advertiser).mapped("uid")

        lead = self.make_ad_lead()
        self.assertEqual(unread(), [AD])
        lead.tiktok_is_test = True
        self.assertFalse(unread())
        lead.tiktok_is_test = False
        self.ad_entity().item_uid = ITEM
        self.assertFalse(unread())

    def test_lead_without_company_belongs_to_its_form_s_company(self):
        self.make_ad_lead().company_id = False
        self.sync_advertiser()
        self.assertEqual(self.asked_ads(), [[AD]])

    def test_no_request_without_unread_ads(self):
        self.sync_advertiser()
        self.assertFalse(self.tiktok.asked(PATH))
        with self.assertQueryCount(0):
            self.env["tiktok.ad.mixin"]._link_ads_to_items(self.company, {AD: None})

    def make_ads(self, count):
        """Have many ads with a lead each, without TikTok; return their ids, newest first."""
        ads = [str(1_800_000_000_000_000_000 + number) for number in range(count)]
        lead = {"company_id": self.company.id, "tiktok_advertiser_uid": ONE, "name": "x"}
        origin = {"kind": "ad", "name": "x", "company_id": self.company.id}
        self.env["crm.lead"].create([{**lead, "tiktok_ad_uid": ad} for ad in ads])
        self.env["tiktok.ad.entity"].create([{**origin, "uid": ad} for ad in ads])
        return ads[::-1]

    def test_ads_are_requested_in_batches_newest_first(self):
        ads = self.make_ads(130)
        with patch.object(const, "ADS_PER_RUN", 120):
            self.sync_advertiser()
            self.assertEqual(self.asked_ads(), [ads[:100], ads[100:120]])
            self.ad_entity(ads[0]).item_asked_at -= timedelta(days=8)
            self.sync_advertiser()
        self.assertEqual(self.asked_ads()[2], [*ads[120:], ads[0]])  # new ones come first

    def test_ten_times_the_ads_take_as_many_queries(self):
        def queries(count):
            ads = self.make_ads(count)
            self.tiktok.items = {ad: f"75{ad}" for ad in ads}
            posts = [self.make_post(f"75{ad}") for ad in ads]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.advertiser._sync_shown_items()
            self.env.flush_all()
            used = self.env.cr.sql_log_count - before
            self.assertEqual([post.ad_uids for post in posts], ads)
            self.env["tiktok.ad.entity"].search([]).unlink()
            return used

        self.assertEqual(queries(3), queries(30))

    # === WHATEVER TIKTOK SAYS === #

    def check_well(self):
        """Check that the ad account is as well as without reading ads."""
        self.assertEqual(self.advertiser.state, "connected")
        self.assertFalse(self.advertiser.sudo().business_token_id.is_dead)
        self.assertFalse(self.advertiser.sync_error or self.advertiser.activity_ids)
        self.assertGreater(self.advertiser.sync_next_at, fields.Datetime.now() + timedelta(hours=1))
        self.assertEqual(self.advertiser.leads_state, "on")

    def test_refused_request_is_repeated_and_harmless(self):
        post = self.make_post(ITEM)
        self.make_ad_lead()
        codes = (40001, 40118, 40102, 40104, 40105, 40016, 40100, 50000, 51305)
        for code in codes:
            with self.subTest(code=code):
                self.tiktok.refusals[PATH] = [code]
                self.sync_advertiser()
                self.assertFalse(self.tiktok.refusals[PATH])
                self.check_well()
                self.assertFalse(self.ad_entity().item_asked_at)
        self.sync_advertiser()
        self.assertEqual(post.ad_uids, AD)

    def test_failed_request_is_harmless(self):
        self.make_ad_lead()
        with patch.object(self.tiktok, "_ad_get") as get:
            for kind in (requests.ConnectTimeout, requests.ReadTimeout, requests.ConnectionError):
                with self.subTest(kind=kind):
                    get.side_effect = kind()
                    self.sync_advertiser()
                    self.check_well()
                    self.assertFalse(self.ad_entity().item_asked_at)
            get.side_effect, get.return_value = None, (0, {"list": "x"})
            self.sync_advertiser()
            self.check_well()
            self.assertEqual(get.call_count, 4)

    def refuse_ads(self, is_refused):
        """Have TikTok refuse each request that names such an ad."""
        answer = self.tiktok._ad_get

        def get(params, token):
            named = json.loads(params["filtering"])["ad_ids"]
            return (40002, {}) if any(map(is_refused, named)) else answer(params, token)

        return patch.object(self.tiktok, "_ad_get", get)

    def test_an_ad_that_tiktok_refuses_costs_only_itself(self):
        ads = self.make_ads(130)
        self.tiktok.items = {ads[1]: ITEM, ads[-1]: f"{ITEM}1"}
        post, other = self.make_post(ITEM), self.make_post(f"{ITEM}1")
        with self.refuse_ads(lambda uid: uid == ads[0]):
            self.sync_advertiser()
        self.check_well()
        self.assertEqual([post.ad_uids, other.ad_uids], [ads[1], ads[-1]])
        self.assertTrue(self.ad_entity(ads[0]).item_asked_at)
        self.assertFalse(self.ad_entity(ads[0]).item_uid)

    def test_an_ad_account_whose_ads_are_all_refused_ends_soon(self):
        self.make_ads(130)
        with self.refuse_ads(bool), patch.object(const, "MAX_AD_REFUSALS", 10):
            self.sync_advertiser()
        self.check_well()
        self.assertLessEqual(len(self.asked_ads()), 20)
        self.assertFalse(self.env["tiktok.ad.entity"]._find_unread_ads(self.advertiser))

    def test_answers_before_a_refusal_are_stored(self):
        ads = self.make_ads(230)
        self.tiktok.items = {ads[0]: ITEM}
        self.tiktok.refusals[PATH] = [0, 40001]
        post = self.make_post(ITEM)
        self.sync_advertiser()
        self.assertEqual(post.ad_uids, ads[0])
        self.assertEqual(self.asked_ads(), [ads[:100], ads[100:200]])
        self.assertFalse(self.ad_entity(ads[100]).item_asked_at)

    def test_problem_with_the_forms_is_still_reported(self):
        self.make_ad_lead()
        self.tiktok.add_form("7600000000000000457")
        for path in ("/lead/field/get/", "/page/field/get/"):
            self.tiktok.refusals[path] = [40002]
        self.sync_advertiser()
        self.assertIn("are not known yet", self.advertiser.sync_error)
        self.assertEqual(self.ad_entity().item_uid, ITEM)

    def test_no_lock_is_held_during_the_request(self):
        self.make_ad_lead()
        steps, save = [], type(self.advertiser)._commit_in_job
        answer = self.tiktok.answer

        def note(request):
            steps.append(request.url.split("?")[0].split("/v1.3")[1])
            return answer(request)

        def note_save(advertiser):
            steps.append("save")
            return save(advertiser)

        with (
            patch.object(type(self.advertiser), "_commit_in_job", note_save),
            patch.object(self.tiktok, "answer", note),
        ):
            self.sync_advertiser()
        self.assertEqual(steps[-3:], ["save", PATH, "save"])

    def test_disconnected_ad_account_is_skipped(self):
        self.make_ad_lead()
        self.advertiser._disconnect_advertiser()
        self.assertFalse(self.advertiser._sync_with_tiktok())
        self.assertFalse(self.tiktok.asked(PATH))
        self.advertiser.unlink()
        self.assertFalse(self.advertiser._sync_with_tiktok())
