import base64
import io

from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.fake_business_api import ONE

from ..spend_common import AD, OTHER_AD, SpendCommon


@tagged("post_install", "-at_install")
class TestAds(SpendCommon):
    """The list of the ads: what each cost, its leads and its wins."""

    def setUp(self):
        super().setUp()
        self.tiktok.spend_on(self.day(3), "30.00")
        self.tiktok.spend_on(self.day(3), "12.00", ad=OTHER_AD)
        self.connect_ads()
        self.fetch()
        self.leads = [self.make_lead(3), self.make_lead(3)]
        self.leads[0].write({"expected_revenue": 100.0, "type": "opportunity"})
        self.leads[0].action_set_won()
        self.env.flush_all()
        ads = self.env["tiktok.ad.entity"].with_user(self.manager).with_company(self.company)
        self.ad = ads.search([("kind", "=", "ad"), ("uid", "=", AD)])
        self.other_ad = ads.search([("kind", "=", "ad"), ("uid", "=", OTHER_AD)])

    def test_an_ad_shows_its_cost_leads_and_wins(self):
        ads = self.ad + self.other_ad
        self.assertEqual(ads.mapped("lead_count"), [2, 0])
        self.assertEqual(ads.mapped("won_count"), [1, 0])
        self.assertEqual(ads.mapped("cost"), [30.0, 12.0])
        self.assertEqual(ads.mapped("cost_per_lead"), [15.0, 0.0])
        self.assertEqual(ads.mapped("won_revenue"), [100.0, 0.0])
        self.assertEqual(self.ad.campaign_id.name, "Spring")
        self.assertEqual(self.ad.adgroup_id.name, "Lookalike")

    def test_an_ad_opens_its_leads_and_its_return(self):
        action = self.ad.action_view_leads()
        leads = self.env["crm.lead"].with_context(**action["context"]).search(action["domain"])
        self.assertEqual(leads.ids, [lead.id for lead in reversed(self.leads)])
        action = self.ad.action_view_return()
        report = self.env[action["res_model"]].with_company(self.company)
        self.assertEqual(report._read_group(action["domain"], [], ["cost:sum"]), [(30.0,)])

    def test_the_cover_is_that_of_the_video_it_shows(self):
        """Only with the addon TikTok Publishing it is known which video that is."""
        picture = io.BytesIO()
        Image.new("RGB", (9, 16), "red").save(picture, "PNG")
        account = self.env["tiktok.account"].create({"name": "Shop", "company_id": self.company.id})
        video = self.env["tiktok.video"].create(
            {
                "video_uid": "7512345678901234567",
                "account_id": account.id,
                "image_1920": base64.b64encode(picture.getvalue()),
            }
        )
        self.assertFalse(self.ad.cover)
        is_known = "item_uid" in self.ad._fields
        if is_known:
            self.ad.sudo().item_uid = video.video_uid
        self.env.invalidate_all()
        self.assertEqual(self.ad.cover, video.image_1920 if is_known else False)
        self.assertFalse(self.other_ad.cover)

    def test_salespeople_see_no_costs_of_ads(self):
        ad = self.ad.with_user(self.salesman)
        self.assertEqual(ad.name, "Video 7")
        with self.assertRaises(AccessError):
            ad.read(["cost"])

    def test_the_browser_knows_an_inactive_currency(self):
        yen = self.env.ref("base.JPY")
        yen.active = False
        self.assertNotIn(yen.id, self.env["res.currency"].get_all_currencies())
        self.tiktok.accounts[ONE] = ("JPY", "Asia/Tokyo", "STATUS_ENABLE")
        for metrics in self.tiktok.spend.values():
            metrics["currency"] = "JPY"
        self.fetch()
        known = self.env["res.currency"].get_all_currencies()[yen.id]
        self.assertEqual((known["name"], known["symbol"]), ("JPY", "¥"))
        self.assertFalse(yen.active)
