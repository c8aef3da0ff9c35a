from datetime import timedelta

from odoo import models

from .. import const


class IrCron(models.Model):
    """Run CRM's enrichment later, and our jobs right away, by the clock of the database."""

    _inherit = "ir.cron"

    def _trigger_list(self, at_list):
        """Have CRM enrich the leads of many deliveries in one run, some minutes later.

        CRM triggers it for each lead that is created. Where one worker runs all scheduled actions,
        the next lead would wait until the last one is enriched.

        :param at_list: when to run
        :return: ir.cron.trigger
        """
        if self.env.context.get("tiktok_lead_create") and self._is_tiktok_enrichment():
            at = self.env.cr.now() + timedelta(minutes=const.ENRICH_MINUTES)
            planned = [("cron_id", "=", self.id), ("call_at", ">", self.env.cr.now())]
            triggers = self.env["ir.cron.trigger"].sudo().search(planned, limit=1)
            return triggers or super()._trigger_list([at.replace(microsecond=0)])
        return super()._trigger_list(at_list)

    def _is_tiktok_enrichment(self):
        """Tell whether this is CRM's job that enriches leads.

        :rtype: bool
        """
        return self == self.env.ref(const.ENRICH_CRON_XMLID, raise_if_not_found=False)

    def _tiktok_trigger(self):
        """Have a job run right after this transaction, by the clock of the database.

        `_trigger` takes Odoo's clock, and the scheduler the database's: where Odoo's is ahead, the
        job is not due yet when it is woken, and waits for the minute.
        """
        self.ensure_one()
        cron = self.sudo()
        if cron.active:
            now = self.env.cr.now().replace(microsecond=0)
            self.env["ir.cron.trigger"].sudo().create({"cron_id": self.id, "call_at": now})
            self.env.cr.postcommit.add(self._notifydb)
