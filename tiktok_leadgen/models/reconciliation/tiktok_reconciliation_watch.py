from odoo import models


class TiktokReconciliation(models.Model):
    """A comparison that is over may mend what the watchdog found."""

    _inherit = "tiktok.reconciliation"

    def _end(self, state, error=False):
        result = super()._end(state, error)
        self.advertiser_id._recheck_unhealthy()
        return result
