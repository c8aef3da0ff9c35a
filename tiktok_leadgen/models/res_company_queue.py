from odoo import fields, models
from odoo.tools import config

from .. import const
from .res_company_overview import MANAGERS


class ResCompany(models.Model):
    """The banner of the company's page about leads that wait, and what to do about it."""

    _inherit = "res.company"

    tiktok_waiting_text = fields.Char(
        "Why leads wait", compute="_compute_tiktok_waiting_text", groups=MANAGERS
    )

    def _compute_tiktok_waiting_text(self):
        """Tell sales managers; anyone else who reads a company gets nothing."""
        allowed = self.env.su or self.env.user.has_group(MANAGERS)
        events = self.env["tiktok.event"].sudo()
        for company in self:
            known = allowed and company._origin
            status = known and events._queue_status(known)
            company.tiktok_waiting_text = status and company._tiktok_describe_wait(status)

    def _tiktok_describe_wait(self, status):
        """Say for how long leads wait, why, and what to do.

        :param QueueStatus status: of this company's events
        :return: sentences; False where nothing waits for long or the page says it elsewhere
        :rtype: str | bool
        """
        causes = {
            "busy": self.env._("Odoo is processing them, one batch after the other."),
            "blocked": self.env._(
                "A record they need is locked by an unfinished transaction. They are tried again "
                "automatically."
            ),
            "no_worker": self.env._(
                "No cron worker runs. Start Odoo with two cron workers (max_cron_threads = 2)."
            ),
            "job": self.env._(
                "Another scheduled action runs: %s. With two cron workers (max_cron_threads = 2) "
                "leads don't wait for it.",
                ", ".join(status.jobs),
            ),
        }
        if status.cause not in causes:
            return False
        waited = self.env._("Leads have been waiting for %s seconds.", round(status.seconds))
        return f"{waited} {causes[status.cause]}"

    def _tiktok_missing_workers(self):
        """Ask for a second cron worker where there is one.

        A node without any leaves all scheduled actions to another one.

        :rtype: list[str]
        """
        workers = config["max_cron_threads"]
        if not 0 < workers < const.CRON_WORKERS:
            return []
        return [
            self.env._(
                "Odoo runs one scheduled action at a time: leads wait while another one runs. Set "
                "max_cron_threads to %s or more.",
                const.CRON_WORKERS,
            )
        ]
