from odoo import api, models


class TiktokProtectedMixin(models.AbstractModel):
    """Fields of ours that are read-only on the screen are read-only for programs as well.

    Odoo takes `readonly` for a hint to its web client: by RPC, by an import and by the context's
    defaults it can be written all the same. What TikTok said, and what Odoo measured, is written in
    sudo only.
    """

    _name = "tiktok.protected.mixin"
    _description = "TikTok Protected Fields"

    @api.model
    def _has_field_access(self, field, operation):
        """Refuse to write a field that only Odoo itself fills; it costs no query.

        :param field: of this model
        :param str operation: ``read`` or ``write``
        :rtype: bool
        """
        if operation == "write" and not self.env.su and self._is_protected_field(field):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _is_protected_field(self, field):
        """Tell whether only Odoo itself fills a field.

        :param field: of this model
        :rtype: bool
        """
        return bool(field.readonly and (field._module or "").startswith("tiktok_"))
