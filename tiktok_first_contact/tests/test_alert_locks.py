"""An alert that another transaction holds, on connections of their own."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.concurrency import UnfinishedError
from odoo.addons.tiktok_leadgen.locks import limit_lock_wait
from odoo.addons.tiktok_leadgen.tests.common import CommittedCommon, next_uid


@tagged("post_install", "-at_install")
class TestAlertLocks(CommittedCommon):
    """A held alert waits; the other alerts of its user are sent."""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            admin = env.ref("base.user_admin")
            company = {"company_id": env.ref("base.main_company").id}
            leads = env["crm.lead"].create(
                [
                    {**company, "name": name, "tiktok_lead_uid": str(next_uid())}
                    for name in ("Held", "Free")
                ]
            )
            shared = {**company, "user_id": admin.id, "kind": "repeat", "due_at": "2026-01-01"}
            alerts = env["tiktok.lead.alert"].create(
                [{**shared, "lead_id": lead.id} for lead in leads]
            )
            self.lead_ids, self.alert_ids = leads.ids, alerts.ids
        self.addCleanup(self.remove_leads)

    def remove_leads(self):
        """Delete the leads that were committed; their alerts go with them."""
        with self.cursor() as env:
            self.delete_leads(env, self.lead_ids)

    def test_a_held_alert_holds_up_no_other_of_its_user(self):
        with self.cursor() as holder, self.cursor() as job:
            held, free = holder["tiktok.lead.alert"].browse(self.alert_ids)
            held.lock_for_update()
            alerts = job["tiktok.lead.alert"]
            admin = job.ref("base.user_admin")
            alerts._send_user_alerts(admin)
            job.flush_all()
            self.assertTrue(alerts.browse(free.id).done_at)
            self.assertFalse(alerts.browse(held.id).done_at)
            cron = job.ref("tiktok_first_contact.ir_cron_send_alerts")
            planned = job["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).mapped("call_at")
            self.assertGreater(max(planned), fields.Datetime.now())
            with self.assertRaises(UnfinishedError):
                alerts._send_user_alerts(admin)
            job.cr.rollback()
            holder.cr.rollback()

    def test_a_held_user_holds_up_no_lead(self):
        with self.cursor() as holder, self.cursor() as job:
            admin = holder.ref("base.user_admin")
            holder.cr.execute("SELECT FROM res_users WHERE id = %s FOR UPDATE", [admin.id])
            limit_lock_wait(job.cr, 200)
            alerts, leads = job["tiktok.lead.alert"], job["crm.lead"].browse(self.lead_ids)
            alerts._queue_alerts(leads, job.ref("base.user_admin"), "claim")
            job.flush_all()
            own = [("lead_id", "in", self.lead_ids), ("kind", "=", "claim")]
            self.assertFalse(alerts.search(own))
            holder.cr.rollback()
            alerts._queue_alerts(leads, job.ref("base.user_admin"), "claim")
            self.assertEqual(alerts.search(own).lead_id, leads)
            job.cr.rollback()

    def test_a_held_language_holds_up_no_lead(self):
        with self.cursor() as holder, self.cursor() as job:
            english = holder["res.lang"]._get_data(code="en_US").id
            holder.cr.execute("SELECT FROM res_lang WHERE id = %s FOR UPDATE", [english])
            limit_lock_wait(job.cr, 200)
            lead = job["crm.lead"].browse(self.lead_ids[0])
            lead.phone = "+12025550123"
            job["tiktok.first.message"]._set_language(lead)
            job.flush_all()
            self.assertFalse(lead.lang_id)
            holder.cr.rollback()
            job["tiktok.first.message"]._set_language(lead)
            self.assertEqual(lead.lang_id.code, "en_US")
            job.cr.rollback()
