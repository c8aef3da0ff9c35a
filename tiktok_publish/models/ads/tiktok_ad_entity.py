from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock

from ... import const


class TiktokAdEntity(models.Model):
    """The post or video an ad shows, if TikTok reports it: it brought the leads of the ad."""

    _inherit = "tiktok.ad.entity"

    item_uid = fields.Char(
        "Shown post",
        readonly=True,
        index="btree_not_null",
        help="TikTok's ID of the post or video shown by the ad.",
    )
    item_asked_at = fields.Datetime("Last requested on", readonly=True)

    @api.model
    def _find_unread_ads(self, advertiser):
        """Return ads that brought leads and whose post or video is not known.

        New ones first; ads that showed nothing are read again after some days. An ad whose leads
        never named it has no row here: users add it to a post themselves.

        :param advertiser: tiktok.advertiser whose ads they are
        :return: at most as many as one run requests
        :rtype: tiktok.ad.entity
        """
        self.env["crm.lead"].flush_model()
        self.flush_model()
        query = SQL(
            """SELECT ad.id FROM tiktok_ad_entity ad
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
            before=read_transaction_clock(self.env) - timedelta(days=const.REQUEST_AGAIN_DAYS),
            limit=const.ADS_PER_RUN,
        )
        return self.browse(row[0] for row in self.env.execute_query(query))

    def _store_shown_items(self, items):
        """Store what TikTok answered about some of these ads.

        :param dict items: TikTok's id of the post or video by id of the ad, empty for none
        """
        answered = self.filtered(lambda ad: ad.uid in items)
        answered.item_asked_at = read_transaction_clock(self.env)
        for ad in answered:
            ad.item_uid = items[ad.uid] or False

    @api.model
    def _map_shown_items(self, company, item_uids=None):
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
