from odoo import models


class IrCron(models.Model):
    _inherit = "ir.cron"

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
