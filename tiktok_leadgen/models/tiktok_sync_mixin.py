from odoo import api, fields, models

SYNC_HOURS = 20  # less than a day: the scheduled action comes daily, never to the second
RETRY_MINUTES = 10


class TiktokSyncMixin(models.AbstractModel):
    """What a scheduled action brings up to date daily, and when somebody asks for it."""

    _name = "tiktok.sync.mixin"
    _description = "Kept up to Date with TikTok"

    sync_requested = fields.Boolean(readonly=True, copy=False)
    sync_next_at = fields.Datetime("Next look at TikTok", readonly=True, copy=False)

    @api.model
    def _sync_domain(self):
        """Return what is due: asked for, under way or not looked at today."""
        return [
            ("state", "=", "connected"),
            "|",
            ("sync_requested", "=", True),
            "|",
            ("sync_next_at", "=", False),
            ("sync_next_at", "<=", fields.Datetime.now()),
        ]
