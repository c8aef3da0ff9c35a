from odoo import fields, models


class TiktokDisconnectMixin(models.AbstractModel):
    """What TikTok still has to end of a record that is disconnected in Odoo."""

    _name = "tiktok.disconnect.mixin"
    _description = "Disconnected at TikTok Later"

    is_disconnecting = fields.Boolean(compute="_compute_is_disconnecting")
    disconnect_reason = fields.Char(compute="_compute_is_disconnecting")
    disconnect_next_at = fields.Datetime(compute="_compute_is_disconnecting")

    def _compute_is_disconnecting(self):
        raise NotImplementedError
