from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.models.company.res_company import MANAGER, SALES_MANAGERS
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from ... import const


class ResCompany(models.Model):
    """The company's publishing account, and how its app may post."""

    _inherit = "res.company"

    tiktok_publish_account_id = fields.Many2one(
        "tiktok.account",
        "Publishing account",
        domain="[('company_id', '=', id)]",
        ondelete="set null",
        groups=SALES_MANAGERS,
        help="Used for posts without a selected account. The URLs /tiktok/auth, "
        "/tiktok/status and the like refer to it.",
    )

    tiktok_publish_audited = fields.Boolean(
        "TikTok has audited the app",
        copy=False,
        groups=SALES_MANAGERS,
        help="Until TikTok has audited your app for posting, it accepts only posts visible to "
        "“Only me” from private accounts, and drafts in the TikTok inbox.",
    )
    tiktok_media_url = fields.Char(
        "Photo URL",
        groups=MANAGER,
        copy=False,
        help="URL at which TikTok can fetch photos from this Odoo, such as "
        "https://crm.example.com. Leave empty to use the URL of this Odoo.",
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
                        isolate(company.name),
                    )
                )

    # === BUSINESS METHODS === #

    def _tiktok_get_redirect_uri(self):
        """Return the short redirect URI if ``TIKTOK_SHORT_CALLBACK`` is on.

        :rtype: str
        """
        if settings.is_enabled("TIKTOK_SHORT_CALLBACK"):
            return f"{self.get_base_url()}{const.SHORT_CALLBACK_ROUTE.rstrip('/')}"
        return super()._tiktok_get_redirect_uri()

    def _tiktok_publish_account(self):
        """Return the account that posts: the chosen one, else the only one there is.

        :return: empty if there are several and none is chosen
        :rtype: tiktok.account
        """
        self.ensure_one()
        company = self.sudo()
        if company.tiktok_publish_account_id.active:
            return company.tiktok_publish_account_id
        accounts = self.env["tiktok.account"].sudo().search([("company_id", "=", company.id)])
        return accounts if len(accounts) == 1 else accounts[:0]

    def _tiktok_media_base(self):
        """Return the URL at which TikTok reaches this Odoo.

        :return: without a slash at its end
        :rtype: str
        """
        self.ensure_one()
        return (self.sudo().tiktok_media_url or self.get_base_url()).strip().rstrip("/")
