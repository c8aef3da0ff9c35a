"""Abstract models that other rooms inherit; Odoo needs them registered first."""

from odoo import api, fields, models

from ..job_time import read_clock


class TiktokDisconnectMixin(models.AbstractModel):
    """A record that is disconnected in Odoo while TikTok must still be asked to end something."""

    _name = "tiktok.disconnect.mixin"
    _description = "Disconnected at TikTok Later"

    is_disconnecting = fields.Boolean(compute="_compute_is_disconnecting")
    disconnect_reason = fields.Char(compute="_compute_is_disconnecting")
    disconnect_next_at = fields.Datetime(compute="_compute_is_disconnecting")

    def _compute_is_disconnecting(self):
        raise NotImplementedError


class TiktokSyncMixin(models.AbstractModel):
    """A record that a scheduled action synchronizes daily, and whenever a user requests it."""

    _name = "tiktok.sync.mixin"
    _description = "Kept up to date with TikTok"

    sync_requested = fields.Boolean(readonly=True, copy=False)
    sync_next_at = fields.Datetime("Next check at TikTok", readonly=True, copy=False)

    @api.model
    def _sync_domain(self):
        """Return the domain of due records: requested, under way or not synchronized today.

        :return: a domain
        :rtype: list
        """
        return [
            ("state", "=", "connected"),
            "|",
            ("sync_requested", "=", True),
            "|",
            ("sync_next_at", "=", False),
            ("sync_next_at", "<=", read_clock(self.env)),
        ]


class TiktokProtectedMixin(models.AbstractModel):
    """Makes TikTok's fields that are read-only on screens read-only for programs as well.

    In Odoo `readonly` is a hint to the web client: RPC, an import and the context's defaults write
    such a field. What TikTok reported and what Odoo measured is written in sudo only.
    """

    _name = "tiktok.protected.mixin"
    _description = "TikTok Protected Fields"

    @api.model
    def _has_field_access(self, field, operation):
        """Refuse to write a field that only Odoo itself writes; it costs no query.

        :param field: of this model
        :param str operation: ``read`` or ``write``
        :return: whether it is allowed
        :rtype: bool
        """
        if operation == "write" and not self.env.su and self._is_protected_field(field):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _is_protected_field(self, field):
        """Tell whether only Odoo itself writes a field.

        :param field: of this model
        :return: whether it is a read-only field of this repository's addons
        :rtype: bool
        """
        return bool(field.readonly and (field._module or "").startswith("tiktok_"))
