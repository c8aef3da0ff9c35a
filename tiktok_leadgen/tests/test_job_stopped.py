"""Subscriptions that a user stops while a scheduled action calls TikTok: real transactions."""

import types
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import const
from ..models.ads import tiktok_advertiser_sync
from ..tiktok.errors import NotAllowedError
from ..tiktok.subscription import Subscription, Target
from .test_job_locks import HeldCommon

URL = "https://odoo.example.com/webhook"


@tagged("post_install", "-at_install")
class TestStoppedSync(HeldCommon):
    """Two ad accounts that are subscribed: one is stopped meanwhile, one is disconnected."""

    def sync_while_users_click(self, unsubscribe):
        """Run the sync; during its calls users click Stop Receiving and Disconnect.

        :param unsubscribe: ends a subscription in TikTok's place
        """
        clicks = ({"wants_leads": False}, {"state": "revoked", "removed_reason": "here"})
        clicks = dict(zip(self.ad_ids, clicks, strict=True))

        def request(_subscriptions, advertiser):
            target = Target(advertiser_uid=advertiser.advertiser_uid)
            with self.cursor() as env:  # after the snapshot of the scheduled action
                env["tiktok.advertiser"].browse(advertiser.id).write(clicks[advertiser.id])
            return [("ours", Subscription(f"77{advertiser.id}", target, URL, "fake-token"))]

        with self.cursor() as env:
            env["tiktok.advertiser"].browse(self.ad_ids).wants_leads = True
        api = types.SimpleNamespace(unsubscribe=unsubscribe)
        companies = self.registry["res.company"]
        self.patch(companies, "_tiktok_get_subscriptions", lambda _company: api)
        self.patch(self.registry["tiktok.advertiser"], "_sync_forms", lambda _self: False)
        self.patch(self.registry["tiktok.subscription"], "_request_classified", request)
        with patch.object(tiktok_advertiser_sync, "update_country", lambda _advertiser: None):
            self.run_cron(const.ADS_CRON_XMLID)
        with self.cursor() as env:
            ads = env["tiktok.advertiser"].browse(self.ad_ids)
            self.assertEqual(ads.mapped("state"), ["connected", "revoked"])
            self.assertEqual(ads.mapped("wants_leads"), [False, True])
            self.assertFalse(ads.subscription_ids)
            self.assertEqual(ads.mapped("subscribed_since"), [False, False])
            self.assertEqual(ads.mapped("sync_next_at"), [False, False])  # they stay due

    def test_what_users_stop_is_ended_at_tiktok(self):
        ended = []
        self.sync_while_users_click(ended.append)
        self.assertEqual(ended, [f"77{ad_id}" for ad_id in self.ad_ids])

    def test_what_tiktok_does_not_end_is_ended_by_the_watchdog(self):
        def refuse(_uid):
            raise NotAllowedError("No.", "40001")

        self.sync_while_users_click(refuse)
        with self.cursor() as env:
            planned = env["tiktok.revocation"].search([("advertiser_id", "in", self.ad_ids)])
            self.assertEqual(sorted(planned.advertiser_id.ids), self.ad_ids)
            self.assertEqual(set(planned.mapped("kind")), {"subscription"})
            planned.unlink()

    @mute_logger("odoo.sql_db")
    def test_a_request_that_holds_the_row_for_seconds_is_waited_for(self):
        advertisers, calls, ended = self.registry["tiktok.advertiser"], [], []
        lock = advertisers._lock_advertisers

        def wait(advertiser):
            calls.append(advertiser.id)
            if calls.count(advertiser.id) < 3:
                raise psycopg2.errors.LockNotAvailable
            lock(advertiser)

        self.patch(advertisers, "_lock_advertisers", wait)
        self.sync_while_users_click(ended.append)
        self.assertEqual(len(calls), 6)
        self.assertEqual(len(ended), 2)
