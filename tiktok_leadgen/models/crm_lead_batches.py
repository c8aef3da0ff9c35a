import logging

from odoo import api, models

from .. import const
from ..clash import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _tiktok_in_batches(self, domain, work):
        """Do something to leads of a scheduled action, each batch its own transaction.

        A lead that somebody else works on at this moment is left for the next run.

        :param list domain: which leads
        :param work: called with locked leads
        """
        last_id = 0
        while True:
            found = self.search(
                [*domain, ("id", ">", last_id)], order="id", limit=const.ASSIGN_BATCH
            )
            if not found:
                return
            last_id = found[-1].id
            locked = found.try_lock_for_update()
            self._tiktok_in_savepoint(locked, work)
            if not self.env["ir.cron"]._commit_progress(len(locked)):
                return

    @api.model
    def _tiktok_in_savepoint(self, leads, work):
        """Do it; a lead that Odoo refuses does not stop the others."""
        try:
            with self.env.cr.savepoint():
                work(leads)
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            self.env.invalidate_all(flush=False)
            if len(leads) > 1:
                for lead in leads:
                    self._tiktok_in_savepoint(lead, work)
                return
            _logger.warning("TikTok lead %s: refused: %s", leads.id, type(error).__name__)
