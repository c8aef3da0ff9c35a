from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.fake_business_api import ONE

from ..spend_common import SpendCommon


@tagged("post_install", "-at_install")
class TestAlerts(SpendCommon):
    """One activity for each alert, as long as it lasts."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect_ads()
        self.advertiser.sudo().spend_checked_from = self.day(500)  # no earlier months
        self.advertiser.sudo().connected_at = fields.Datetime.now() - timedelta(days=400)

    def summaries(self):
        """Return the summaries of the activities about costs."""
        kind = self.env.ref("tiktok_ads.mail_activity_type_cost")
        found = self.advertiser.activity_ids.filtered(lambda each: each.activity_type_id == kind)
        return found.mapped("summary")

    def test_nothing_to_tell(self):
        self.tiktok.spend_on(self.day(1), "99.00")
        self.fetch()
        self.assertEqual(self.summaries(), [])
        self.assertEqual(self.company.with_user(self.manager).tiktok_ads_alert_count, 0)

    def test_spend_without_leads(self):
        self.tiktok.spend_on(self.day(2), "60.00")
        self.tiktok.spend_on(self.day(1), "60.00")
        self.tiktok.spend_on(self.day(0), "500.00")
        self.fetch()
        self.assertEqual(self.advertiser.spend_without_lead, 120.0)
        self.assertEqual(
            self.summaries(), ["\u2068ACME One\u2069 spends money and brings no leads"]
        )
        company = self.company.with_user(self.manager)
        self.assertEqual(company.tiktok_ads_alert_count, 1)
        action = company.action_tiktok_view_cost_alerts()
        found = self.env["tiktok.advertiser"].search(action["domain"])
        self.assertEqual(found, self.advertiser)
        self.fetch()
        self.assertEqual(len(self.summaries()), 1)
        self.make_lead(2)
        self.fetch()
        self.assertEqual(self.advertiser.spend_without_lead, 60.0)
        self.assertEqual(self.summaries(), [])

    def test_an_alert_is_in_the_language_of_who_reads_it(self):
        self.advertiser.user_id = self.manager
        self.speak_arabic(self.manager)
        self.tiktok.spend_on(self.day(2), "120.00")
        self.fetch()
        self.assert_arabic(self.summaries()[0])

    def test_spend_before_the_connection_raises_no_alert(self):
        self.advertiser.sudo().connected_at = fields.Datetime.now() - timedelta(days=1)
        self.tiktok.spend_on(self.day(3), "500.00")
        self.tiktok.spend_on(self.day(1), "20.00")
        self.fetch()
        self.assertEqual(self.advertiser.spend_without_lead, 20.0)
        self.assertEqual(self.summaries(), [])

    def test_qualified_leads_that_cost_too_much(self):
        self.tiktok.spend_on(self.day(3), "50.00")
        self.company.tiktok_ads_qualified_cost_limit = 40
        lead = self.make_lead(3)
        self.fetch()
        self.assertTrue(self.advertiser.is_qualified_cost_high)
        self.assertEqual(
            self.summaries(), ["Qualified leads of \u2068ACME One\u2069 cost too much"]
        )
        other = self.make_lead(3)
        (lead + other).type = "opportunity"
        (lead + other).action_set_won()
        self.env.flush_all()
        self.fetch()
        self.assertEqual(self.advertiser.qualified_cost, 25.0)
        self.assertEqual(self.summaries(), [])

    def test_an_alert_stays_when_its_ad_account_is_renamed(self):
        self.tiktok.accounts[ONE] = ("EUR", "Etc/UTC", "STATUS_LIMIT")
        self.fetch()
        [suspended] = self.summaries()
        self.advertiser.sudo().name = "ACME Two"
        self.tiktok.spend_on(self.day(1), "120.00")
        self.fetch()
        self.assertEqual(len(self.summaries()), 2)
        self.assertIn(suspended, self.summaries())
        self.tiktok.accounts[ONE] = ("EUR", "Etc/UTC", "STATUS_ENABLE")
        self.fetch()
        [left] = self.summaries()
        self.assertIn("brings no leads", left)

    def test_limits_of_0_are_off(self):
        self.company.tiktok_ads_spend_without_lead = 0
        self.tiktok.spend_on(self.day(1), "5000.00")
        self.fetch()
        self.assertEqual(self.summaries(), [])

    def test_a_suspended_ad_account(self):
        self.tiktok.accounts[ONE] = ("EUR", "Etc/UTC", "STATUS_LIMIT")
        self.fetch()
        self.assertEqual(self.summaries(), ["TikTok has suspended \u2068ACME One\u2069"])
        self.tiktok.accounts[ONE] = ("EUR", "Etc/UTC", "STATUS_ENABLE")
        self.fetch()
        self.assertEqual(self.summaries(), [])

    def test_a_gap_of_leads_is_told_when_it_stays(self):
        self.tiktok.spend_on(self.day(5), "5.00", onsite_form="3")
        self.tiktok.spend_on(self.day(1), "5.00", onsite_form="9")  # may still arrive
        self.make_lead(5)
        self.fetch()
        self.assertEqual(self.advertiser.lead_gap, 2)
        self.assertEqual(self.summaries(), [])
        seen = fields.Datetime.now() - timedelta(hours=49)
        self.advertiser.sudo().lead_gap_since = seen
        self.fetch()
        self.assertEqual(
            self.summaries(), ["TikTok counts more leads of \u2068ACME One\u2069 than Odoo has"]
        )
        for _number in range(2):
            self.make_lead(6)  # booked on the day of the click: another day than ours
        self.fetch()
        self.assertEqual((self.advertiser.lead_gap, self.advertiser.lead_gap_since), (0, False))
        self.assertEqual(self.summaries(), [])
