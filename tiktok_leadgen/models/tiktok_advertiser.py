from odoo import api, fields, models

from .. import settings


class TiktokAdvertiser(models.Model):
    """An ad account; whose company its leads belong to when the address doesn't say."""

    _name = "tiktok.advertiser"
    _description = "TikTok Ad Account"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    advertiser_uid = fields.Char(
        "Ad account ID",
        required=True,
        index=True,
        help="The number TikTok Ads Manager shows for the ad account, 19 digits.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)

    _advertiser_uid_uniq = models.UniqueIndex(
        "(advertiser_uid) WHERE active",
        "This ad account belongs to a company already.",
    )

    @api.model
    def _companies(self, uids):
        """Find whose ad accounts these are, all at once: anyone can make up a thousand.

        :param set uids: TikTok's ids
        :return: id of the company or None, by TikTok's id
        :rtype: dict
        """
        domain = [("advertiser_uid", "in", [uid for uid in uids if uid])]
        found = self.sudo().search_fetch(domain, ["advertiser_uid", "company_id"])
        owned = {advertiser.advertiser_uid: advertiser.company_id.id for advertiser in found}
        return {uid: owned.get(uid) or settings.advertiser_company_id(uid) for uid in uids}
