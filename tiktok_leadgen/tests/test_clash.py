import psycopg2

from odoo.tests import tagged

from .. import const
from ..clash import MAX_CLASHES, survives_clashes
from .fake_business_api import ONE, TWO, BusinessCommon

CRONS = {
    "crm.lead": ("_cron_tiktok_assign", "_cron_tiktok_speed"),
    "tiktok.account": ("_cron_refresh_tokens", "_cron_sync_accounts"),
    "tiktok.advertiser": ("_cron_sync_advertisers", "_cron_watch"),
    "tiktok.backfill": ("_cron_compare", "_cron_work"),
    "tiktok.event": ("_cron_process",),
    "tiktok.mapping.run": ("_cron_apply",),
    "tiktok.origin": ("_cron_refresh_names",),
}


@tagged("post_install", "-at_install")
class TestClash(BusinessCommon):
    """Scheduled actions that meet another transaction."""

    def clashing(self, model, method, times):
        """Let a method do its work and then learn that another transaction was faster.

        :return: a list that grows by one for each call
        """
        calls, do = [], getattr(model, method)

        def clash(records, *args, **options):
            calls.append(records)
            done = do(records, *args, **options)
            if len(calls) <= times:
                raise psycopg2.errors.SerializationFailure
            return done

        self.patch(model, method, clash)
        return calls

    def test_every_scheduled_action_survives_clashes(self):
        crons = self.env["ir.cron"].with_context(active_test=False).search([])
        ours = crons.filtered(lambda cron: cron.get_external_id()[cron.id].startswith("tiktok_le"))
        named = {f"model.{name}()" for names in CRONS.values() for name in names}
        self.assertEqual(set(ours.mapped("code")), named)
        for model, names in CRONS.items():
            for name in names:
                method = getattr(type(self.env[model]), name)
                self.assertEqual(method.__code__, survives_clashes(print).__code__, name)

    def test_a_consent_that_ended_is_noted_although_another_one_writes(self):
        ads = self.connect((ONE, TWO))
        self.tiktok.tokens.clear()
        calls = self.clashing(type(self.ads), "_lose", times=2)
        self.look_after()
        self.assertGreater(len(calls), 2)
        self.assertEqual(ads.mapped("state"), ["revoked", "revoked"])
        self.assertEqual([len(each.activity_ids) for each in ads], [1, 1])

    def test_a_verdict_is_kept_although_another_one_writes(self):
        advertiser = self.connect((ONE,))
        self.tiktok.tokens.clear()
        calls = self.clashing(type(self.ads), "_keep_verdict", times=1)
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(calls), 2)
        self.assertEqual(advertiser.health, "broken")

    def test_who_clashes_again_and_again_is_left_for_the_next_run(self):
        calls = self.clashing(type(self.env["tiktok.proof"]), "_close_left", times=99)
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.assertEqual(len(calls), MAX_CLASHES)
