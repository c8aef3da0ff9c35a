from odoo import models
from odoo.exceptions import AccessError

from .res_company import MANAGER, SALES_MANAGERS


class ResCompany(models.Model):
    """Who may change what the page TikTok shows: Odoo gives companies to its own administrators."""

    _inherit = "res.company"

    # === CRUD METHODS === #

    def write(self, vals):
        """Let a TikTok administrator of the company change what is TikTok's, and nothing else."""
        if vals and self._tiktok_may_set(vals):
            return super(ResCompany, self.sudo()).write(vals)
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _tiktok_check_reader(self):
        """Refuse who may not look at the TikTok pages of these companies.

        :raise AccessError: if the user is no sales manager, or may not read the companies
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SALES_MANAGERS):
            raise AccessError(self.env._("Only a sales manager can see this. Ask one."))

    def _tiktok_is_ours(self):
        """Tell whether the user is a TikTok administrator of all these companies.

        :rtype: bool
        """
        user = self.env.user
        return user.has_group(MANAGER) and not self - user.company_ids

    def _tiktok_may_set(self, names):
        """Tell whether the user may set these fields although companies are not theirs to write.

        :param names: of fields
        :rtype: bool
        """
        if self.env.su or not self._tiktok_is_ours() or self.has_access("write"):
            return False
        return all(
            name.startswith("tiktok_")
            and name in self._fields
            and not self._fields[name].readonly
            and self._has_field_access(self._fields[name], "write")
            for name in names
        )
