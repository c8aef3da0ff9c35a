from odoo import api, models
from odoo.exceptions import UserError

from .. import settings
from ..tiktok.errors import SealError


class TiktokVault(models.AbstractModel):
    """Seals secrets before they are stored; see `settings.sealer` for the key."""

    _name = "tiktok.vault"
    _description = "TikTok Secret Sealing"

    @api.model
    def _seal(self, text):
        """Return a secret sealed, or False for an empty one.

        :param str text: the secret
        :rtype: str | bool
        :raise UserError: if there is no usable key
        """
        if not text or not text.strip():
            return False
        try:
            return settings.sealer().seal(text.strip())
        except SealError as error:
            raise UserError(
                self.env._("The secret can't be stored safely. %(reason)s", reason=error)
            ) from error

    @api.model
    def _open(self, sealed):
        """Return what was sealed, empty for nothing.

        :param str sealed: of `_seal`
        :rtype: str
        :raise SealError: if the key is missing or another one
        """
        return settings.sealer().open(sealed) if sealed else ""
