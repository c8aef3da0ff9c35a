from odoo import models


class TiktokBackfill(models.Model):
    """A comparison that is over may mend what the watchdog found."""

    _inherit = "tiktok.backfill"

    def _end(self, state, error=False):
        result = super()._end(state, error)
        self.advertiser_id._watch_soon()
        return result
