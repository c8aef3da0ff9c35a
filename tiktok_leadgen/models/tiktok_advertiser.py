from odoo import fields, models


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
