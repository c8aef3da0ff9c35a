import logging

from odoo import api, models

from .. import const
from ..clash import in_savepoints

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
            in_savepoints(locked, work, self._tiktok_refused)
            if not self.env["ir.cron"]._commit_progress(len(locked)):
                return

    @api.model
    def _tiktok_refused(self, lead, error):
        """Note that Odoo refuses one lead; the others go on."""
        _logger.warning("TikTok lead %s: refused: %s", lead.id, type(error).__name__)
