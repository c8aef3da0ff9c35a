import logging

import psycopg2

from odoo import api, models

from .. import const

_logger = logging.getLogger(__name__)

MAX_CLASHES = 5


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _tiktok_in_batches(self, domain, work):
        """Do something to leads of a scheduled action, each batch its own transaction.

        A lead that somebody else works on at this moment is left for the next run.

        :param list domain: which leads
        :param work: called with locked leads
        """
        last_id, clashes = 0, 0
        while clashes < MAX_CLASHES:
            try:
                found = self.search(
                    [*domain, ("id", ">", last_id)], order="id", limit=const.ASSIGN_BATCH
                )
                if not found:
                    return
                locked = found.try_lock_for_update()
                work(locked)
                last = found[-1].id
                seconds = self.env["ir.cron"]._commit_progress(len(locked))
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
                clashes += 1
                _logger.info("TikTok leads: clash %s with another transaction", clashes)
                continue
            last_id = last
            if not seconds:
                return
