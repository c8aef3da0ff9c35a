from odoo import api, fields, models


class TiktokDisconnectMixin(models.AbstractModel):
    """What TikTok still has to end of a record that is disconnected in Odoo."""

    _name = "tiktok.disconnect.mixin"
    _description = "Disconnected at TikTok Later"

    is_disconnecting = fields.Boolean(compute="_compute_is_disconnecting")
    disconnect_reason = fields.Char(compute="_compute_is_disconnecting")
    disconnect_next_at = fields.Datetime(compute="_compute_is_disconnecting")

    def _compute_is_disconnecting(self):
        raise NotImplementedError


class TiktokSyncMixin(models.AbstractModel):
    """What a scheduled action synchronizes daily, and whenever a user requests it."""

    _name = "tiktok.sync.mixin"
    _description = "Kept up to date with TikTok"

    sync_requested = fields.Boolean(readonly=True, copy=False)
    sync_next_at = fields.Datetime("Next check at TikTok", readonly=True, copy=False)

    @api.model
    def _sync_domain(self):
        """Return the domain of due records: requested, under way or not synchronized today.

        :rtype: list
        """
        return [
            ("state", "=", "connected"),
            "|",
            ("sync_requested", "=", True),
            "|",
            ("sync_next_at", "=", False),
            ("sync_next_at", "<=", fields.Datetime.now()),
        ]
