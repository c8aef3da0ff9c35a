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

    @api.model
    def _each_secret(self):
        """Yield every record and field that holds something sealed: the names end in _sealed.

        :rtype: Iterator[tuple]
        """
        for model in self.env.values():
            for name, field in model._fields.items():
                if name.endswith("_sealed") and field.store and not model._abstract:
                    everything = model.sudo().with_context(active_test=False)
                    for record in everything.search([(name, "!=", False)]):
                        yield record, name

    @api.model
    def _reseal_all(self):
        """Seal everything anew with the newest key.

        :return: how many were, and how many could not be opened
        :rtype: tuple[int, int]
        :raise UserError: if there is no usable key
        """
        done = failed = 0
        for record, name in self._each_secret():
            try:
                record[name] = self._seal(self._open(record[name]))
                done += 1
            except SealError:
                failed += 1
        return done, failed

    @api.model
    def _count_lost(self):
        """Return how many secrets no key opens.

        :rtype: int
        """
        lost = 0
        for record, name in self._each_secret():
            try:
                self._open(record[name])
            except SealError:
                lost += 1
        return lost
