from odoo import fields, models

from odoo.addons.tiktok_leadgen.models.res_company import MANAGER, SALES_MANAGERS


class ResCompany(models.Model):
    """How the company's app may post."""

    _inherit = "res.company"

    tiktok_publish_audited = fields.Boolean(
        "TikTok has audited the app",
        copy=False,
        groups=SALES_MANAGERS,
        help="Until TikTok has audited your app for posting, it takes only posts that “Only me” "
        "can see, of accounts that are private, and drafts into the TikTok inbox.",
    )
    tiktok_media_url = fields.Char(
        "Address of the photos",
        groups=MANAGER,
        copy=False,
        help="Where TikTok reaches this Odoo to fetch photos, such as https://crm.example.com. "
        "Empty: the address of this Odoo.",
    )

    def _tiktok_media_base(self):
        """Return where TikTok reaches us, without a slash at its end.

        :rtype: str
        """
        self.ensure_one()
        return (self.sudo().tiktok_media_url or self.get_base_url()).strip().rstrip("/")
