from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import const


class TiktokOrigin(models.Model):
    """What an ad shows, as far as TikTok tells: the leads of the ad were brought by that."""

    _inherit = "tiktok.origin"

    item_uid = fields.Char(
        "Shown post",
        readonly=True,
        index="btree_not_null",
        help="TikTok's ID of the post or video that the ad shows.",
    )
    item_asked_at = fields.Datetime("Asked last on", readonly=True)

    @api.model
    def _unread_ads(self, advertiser):
        """Return ads that brought leads and of which it is not known what they show.

        New ones first; ads that showed nothing come again, after some days. An ad whose leads never
        told its name is not among the origins: it is left to a person.

        :param advertiser: tiktok.advertiser whose ads they are
        :return: at most as many as one run asks about
        :rtype: tiktok.origin
        """
        self.env["crm.lead"].flush_model()
        self.flush_model()
        query = SQL(
            """SELECT ad.id FROM tiktok_origin ad
                WHERE ad.kind = 'ad' AND ad.company_id = %(company)s AND ad.item_uid IS NULL
                  AND (ad.item_asked_at IS NULL OR ad.item_asked_at < %(before)s)
                  AND EXISTS (
                      SELECT 1 FROM crm_lead lead
                        LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
                       WHERE lead.tiktok_ad_uid = ad.uid
                         AND lead.tiktok_advertiser_uid = %(advertiser)s
                         AND lead.tiktok_is_test IS NOT TRUE
                         AND COALESCE(lead.company_id, form.company_id) = %(company)s)
                ORDER BY ad.item_asked_at NULLS FIRST, ad.id DESC LIMIT %(limit)s""",
            company=advertiser.company_id.id,
            advertiser=advertiser.advertiser_uid,
            before=fields.Datetime.now() - timedelta(days=const.ASK_AGAIN_DAYS),
            limit=const.ADS_PER_RUN,
        )
        return self.browse(row[0] for row in self.env.execute_query(query))

    def _keep_items(self, items):
        """Note what TikTok told of some of these.

        :param dict items: TikTok's id of the post or video by id of the ad, empty for none
        """
        told = self.filtered(lambda ad: ad.uid in items)
        told.item_asked_at = fields.Datetime.now()
        for ad in told:
            ad.item_uid = items[ad.uid] or False

    @api.model
    def _shown_items(self, company, item_uids=None):
        """Return what the ads of a company are known to show.

        :param company: res.company
        :param list item_uids: only ads that show one of these
        :return: TikTok's id of the post or video by id of the ad
        :rtype: dict[str, str]
        """
        shown = Domain("item_uid", "!=", False)
        if item_uids is not None:
            shown = Domain("item_uid", "in", item_uids)
        ads = self.search_fetch(shown & Domain("company_id", "=", company.id), ["uid", "item_uid"])
        return {ad.uid: ad.item_uid for ad in ads}
