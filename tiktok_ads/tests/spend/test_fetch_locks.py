"""What another transaction holds holds up no other costs: real connections, real locks."""

from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_leadgen.tests.test_job_locks import HeldCommon

from ... import const
from ...tiktok import spend_report


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

    def test_the_earlier_months_go_on_although_other_jobs_commit_beside_the_calls(self):
        def answer(result):
            def call(*_args, **_options):
                with self.registry.cursor() as cr:
                    query = "UPDATE tiktok_advertiser SET health_tried_at = now() WHERE id = %s"
                    cr.execute(query, self.ad_ids[:1])
                return result

            return call

        def fetch(**values):
            """Run the scheduled action; return the ad account's values afterwards."""
            values["spend_next_at"] = "2026-01-01 00:00:00"
            with self.cursor() as env:
                env["tiktok.advertiser"].browse(self.ad_ids[:1]).write(values)
            self.run_cron(const.SPEND_CRON_XMLID)
            with self.cursor() as env:
                names = ["spend_stage", "spend_task_uid", "spend_checked_from", "spend_error"]
                (found,) = env["tiktok.advertiser"].browse(self.ad_ids[:1]).read(names, load="")
                return [found[name] for name in names]

        self.patch(self.registry["tiktok.advertiser"], "_get_business_client", lambda _self: None)
        self.patch(spend_report, "begin_task", answer("9"))
        self.patch(spend_report, "check_task", answer("FAILED"))
        self.patch(spend_report, "fetch_day_totals", answer({}))
        days = {"spend_from": date(2025, 1, 1), "spend_checked_from": date(2025, 1, 21)}
        asked = fetch(spend_stage="history", **days)
        self.assertEqual(asked, ["history", "9", days["spend_checked_from"], False])
        self.assertEqual(fetch(), ["done", False, days["spend_from"], False])

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
