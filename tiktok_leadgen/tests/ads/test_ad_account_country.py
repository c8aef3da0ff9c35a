from odoo.tests import tagged

from ..fake_business_api import ONE, TWO, BusinessCommon


@tagged("post_install", "-at_install")
class TestAdAccountCountry(BusinessCommon):
    """The country that TikTok knows of an ad account: its forms read phone numbers by it."""

    def setUp(self):
        super().setUp()
        self.emirates = self.env.ref("base.ae")
        self.tiktok.add_form("7600000000000000031")

    def sync(self):
        """Connect the ad account and sync it."""
        advertiser = self.connect()
        self.look_after()
        return advertiser

    def test_first_sync_fills_the_country(self):
        self.tiktok.countries[ONE] = "AE"
        advertiser = self.sync()
        self.assertEqual(advertiser.country_id, self.emirates)
        self.assertEqual(advertiser.form_ids.default_country_id, self.emirates)
        lead = self.make(
            page_id=7600000000000000031,
            advertiser_id=int(ONE),
            answers={"name": "Ana", "phone_number": "0501234567"},
        )
        self.assertEqual(lead.phone, "+971501234567")

    def test_country_that_a_user_chose_stays(self):
        self.tiktok.countries[ONE] = "AE"
        advertiser = self.sync()
        advertiser.country_id = self.env.ref("base.sa")
        self.tiktok.calls.clear()
        advertiser._request_sync()
        self.look_after()
        self.assertEqual(advertiser.country_id.code, "SA")
        self.assertFalse(self.tiktok.asked("/advertiser/info/"))

    def test_what_tiktok_does_not_say_stops_no_sync(self):
        for answer in (
            {"list": []},
            {"list": [{"advertiser_id": ONE}]},
            {"list": [{"advertiser_id": ONE, "country": "***"}]},
            {"list": [{"advertiser_id": TWO, "country": "AE"}]},
            {"list": ["AE"]},
            {},
        ):
            self.tiktok.instead["/advertiser/info/"] = answer
            advertiser = self.sync()
            self.assertFalse(advertiser.country_id, answer)
            self.assertFalse(advertiser.sync_error)
            self.assertTrue(advertiser.form_ids)

    def test_refusal_stops_no_sync(self):
        for code in (40001, 40002, 50002):
            self.tiktok.refusals["/advertiser/info/"] = [code] * 9
            advertiser = self.sync()
            self.assertFalse(advertiser.country_id)
            self.assertFalse(advertiser.sync_error)
            self.assertTrue(advertiser.last_sync_at)
