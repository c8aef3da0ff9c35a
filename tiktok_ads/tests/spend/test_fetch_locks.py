"""What another transaction holds holds up no other costs: real connections, real locks."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_leadgen.tests.test_job_locks import HeldCommon


@tagged("post_install", "-at_install")
class TestFetchLocks(HeldCommon):
    """Costs of two ad accounts, one of which is held."""

    @mute_logger("odoo.sql_db")
    def test_a_held_ad_account_holds_up_no_other(self):
        seen = []
        self.patch(
            self.registry["tiktok.advertiser"],
            "_fetch_due_spend",
            lambda advertiser: seen.append(advertiser.id),
        )
        with self.holding("tiktok_advertiser", self.ad_ids[:1]):
            self.run_cron("tiktok_ads.ir_cron_fetch_spend")
        self.assertEqual(seen, self.ad_ids[1:])

    def test_a_held_campaign_holds_up_no_costs(self):
        with self.cursor() as env:
            entities = env["tiktok.ad.entity"].create(
                [
                    {"kind": "campaign", "uid": uid, "name": uid, "company_id": self.company_id}
                    for uid in ("1809876543200991", "1809876543200992")
                ]
            )
            ids = entities.ids

        def store(env):
            advertiser = env["tiktok.advertiser"].browse(self.ad_ids[0])
            env["tiktok.ad.entity"].browse(ids)._set_advertiser(advertiser)

        with self.holding("tiktok_ad_entity", ids[:1]):
            self.run_in_time(store)
        with self.cursor() as env:
            stored = env["tiktok.ad.entity"].browse(ids).mapped("advertiser_id").ids
            self.assertEqual(stored, self.ad_ids[:1])
            entities = env["tiktok.ad.entity"].browse(ids)
            self.assertEqual([bool(each.advertiser_id) for each in entities], [False, True])
