from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_leadgen.models.res_company import MANAGER, SALES_MANAGERS

from .. import const


class ResCompany(models.Model):
    """The company's account that posts when nobody chooses another."""

    _inherit = "res.company"

    tiktok_publish_account_id = fields.Many2one(
        "tiktok.account",
        "Publishing account",
        domain="[('company_id', '=', id)]",
        ondelete="set null",
        groups=SALES_MANAGERS,
        help="Posts on it when nobody chooses another one. The addresses /tiktok/auth, "
        "/tiktok/status and the like are about it.",
    )
    tiktok_short_callback = fields.Boolean(
        "Return to /tiktok/callback",
        groups=MANAGER,
        help="For an app that has this short redirect URI registered at TikTok.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("tiktok_publish_account_id")
    def _check_tiktok_publish_account(self):
        for company in self.sudo():
            account = company.tiktok_publish_account_id
            if account and account.company_id != company:
                raise ValidationError(
                    self.env._(
                        "The publishing account belongs to another company. Choose one of %s.",
                        company.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _tiktok_redirect_uri(self):
        """Return the short address if the company's app has that one registered."""
        if self.sudo().tiktok_short_callback:
            return f"{self.get_base_url()}{const.SHORT_CALLBACK_ROUTE.rstrip('/')}"
        return super()._tiktok_redirect_uri()

    def _tiktok_publish_account(self):
        """Return the account that posts: the one that was chosen, else the only one there is.

        :rtype: tiktok.account
        """
        self.ensure_one()
        company = self.sudo()
        if company.tiktok_publish_account_id.active:
            return company.tiktok_publish_account_id
        accounts = self.env["tiktok.account"].sudo().search([("company_id", "=", company.id)])
        return accounts if len(accounts) == 1 else accounts[:0]
