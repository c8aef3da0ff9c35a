"""After a reconnection several scheduled actions store the same rows of an ad account."""

import concurrent.futures
import time

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from ...tiktok import instant_form
from ...tiktok.instant_form import Form
from ...tiktok.subscription import Subscription, Target
from ..common import CommittedCommon

ADVERTISER = "7163948356417550777"


@tagged("post_install", "-at_install")
class TestReconnect(CommittedCommon):
    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            company = env["res.company"].create({"name": "Reconnected ACME"})
            values = {"name": "ACME Ads", "advertiser_uid": ADVERTISER, "company_id": company.id}
            self.advertiser_id = env["tiktok.advertiser"].create(values).id
            self.company_id = company.id
        self.addCleanup(self.remove)

    def remove(self):
        """Delete what was committed."""
        with self.cursor() as env:
            env["tiktok.form"].search([("company_id", "=", self.company_id)]).unlink()
            env["tiktok.advertiser"].browse(self.advertiser_id).unlink()
            env["res.company"].browse(self.company_id).unlink()

    def advertiser(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})["tiktok.advertiser"].browse(self.advertiser_id)

    def do_at_once(self, work):
        """Have two transactions do the same: the second can not serialize, and logs no error.

        :param work: called with the ad account
        """
        with (
            self.assertNoLogs("odoo.sql_db", "ERROR"),
            concurrent.futures.ThreadPoolExecutor(1) as threads,
            self.registry.cursor() as one,
            self.registry.cursor() as two,
        ):
            two.execute("SELECT 1")  # its picture of the database is older
            work(self.advertiser(one))
            one.flush()
            waiting = threads.submit(self.work_and_flush, work, two)
            self.wait_for_blocked()
            one.commit()
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                waiting.result(timeout=20)
            two.rollback()
            self.work_and_flush(
                work, two
            )  # as each scheduled action does after a serialization failure
            two.commit()

    def work_and_flush(self, work, cr):
        work(self.advertiser(cr))
        cr.flush()

    def wait_for_blocked(self):
        """Wait until another connection waits for a lock."""
        deadline = time.monotonic() + 20
        with self.registry.cursor() as cr:
            while time.monotonic() < deadline:
                cr.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
                if cr.rowcount:
                    return
                time.sleep(0.02)
        self.fail("No connection waits for a lock.")

    def test_two_transactions_store_a_new_subscription(self):
        target = Target(advertiser_uid=ADVERTISER)
        seen = Subscription("7600000000000007001", target, "https://odoo.example.com", "token")
        subscriptions = "tiktok.subscription"
        self.do_at_once(
            lambda advertiser: advertiser.env[subscriptions]._store_classified(
                advertiser, [("ours", seen)]
            )
        )
        with self.cursor() as env:
            found = env["tiktok.advertiser"].browse(self.advertiser_id).subscription_ids
            self.assertEqual(found.mapped("subscription_uid"), ["7600000000000007001"])

    def test_two_transactions_store_a_new_form(self):
        listed = Form("7600000000000007002", "Spring", "PUBLISHED", "", "", None, None)
        with self.cursor() as env:
            self.patch(type(env["tiktok.advertiser"]), "_get_business_client", lambda _self: None)
            self.patch(type(env["tiktok.advertiser"]), "_fetch_form_libraries", lambda *_args: {})
        self.patch(instant_form, "list_forms", lambda *_args, **_options: [listed])
        self.patch(instant_form, "fetch_question_labels", lambda *_args, **_options: ["name"])
        self.do_at_once(lambda advertiser: advertiser._sync_forms())
        with self.cursor() as env:
            found = env["tiktok.form"].search([("company_id", "=", self.company_id)])
            self.assertEqual(found.mapped("page_uid"), ["7600000000000007002"])

    def test_two_transactions_start_a_reconciliation(self):
        def start(advertiser):
            advertiser.env["tiktok.reconciliation"]._start_for_advertisers(advertiser)

        self.do_at_once(start)
        with self.cursor() as env:
            domain = [("advertiser_id", "=", self.advertiser_id)]
            self.assertEqual(env["tiktok.reconciliation"].search_count(domain), 1)
