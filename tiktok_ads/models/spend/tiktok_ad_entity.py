from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS

SUMS = ("cost", "lead_count", "qualified_count", "won_count", "won_revenue")
FIGURE = {"compute": "_compute_return", "groups": SALES_MANAGERS}
MONEY = {**FIGURE, "currency_field": "return_currency_id"}


class TiktokAdEntity(models.Model):
    """Ad account, campaign and ad group of an ad, as costs name them: its leads may lack them."""

    _inherit = "tiktok.ad.entity"

    advertiser_id = fields.Many2one(
        "tiktok.advertiser",
        "Ad account",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    campaign_id = fields.Many2one(
        "tiktok.ad.entity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    adgroup_id = fields.Many2one(
        "tiktok.ad.entity", "Ad group", readonly=True, index="btree_not_null", ondelete="set null"
    )

    # Of all days that are fetched, in the currency of the reader's company
    return_currency_id = fields.Many2one("res.currency", "Currency", **FIGURE)
    cost = fields.Monetary(**MONEY)
    cost_per_lead = fields.Monetary("Cost per lead", **MONEY)
    lead_count = fields.Integer("Leads", **FIGURE)
    qualified_count = fields.Integer("Qualified", **FIGURE)
    won_count = fields.Integer("Won", **FIGURE)
    won_revenue = fields.Monetary("Won revenue", **MONEY)
    cover = fields.Binary(
        compute="_compute_cover",
        groups=SALES_MANAGERS,
        help="Of the video that the ad shows, if its TikTok account is connected.",
    )

    # === COMPUTE METHODS === #

    def _compute_return(self):
        names = [f"{name}:sum" for name in SUMS]
        domain = [("ad_id", "in", self.ids)]
        groups = self.env["tiktok.return.report"]._read_group(domain, ["ad_id"], names)
        found = {ad.id: sums for ad, *sums in groups}
        for ad in self:
            ad.return_currency_id = self.env.company.currency_id
            for name, value in zip(SUMS, found.get(ad.id, [0] * len(SUMS)), strict=True):
                ad[name] = value
            ad.cost_per_lead = ad.cost / ad.lead_count if ad.lead_count else 0

    def _compute_cover(self):
        """Show the video's cover; the addon TikTok Publishing knows which video an ad shows."""
        shown = {ad: ad.item_uid for ad in self} if "item_uid" in self._fields else {}
        videos = self.env["tiktok.video"].with_context(active_test=False)
        known = videos.search([("video_uid", "in", [*filter(None, shown.values())])])
        covers = {video.video_uid: video.image_1920 for video in known}
        for ad in self:
            ad.cover = covers.get(shown.get(ad), False)

    # === ACTION METHODS === #

    def action_view_leads(self):
        """Open the leads of these ads.

        :return: the action that opens them
        :rtype: dict
        """
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("crm.crm_lead_all_leads")
        domain = Domain("tiktok_is_test", "=", False) & Domain.OR(
            Domain("tiktok_ad_uid", "=", ad.uid)
            & self.env["tiktok.assignment"]._get_company_domain(ad.company_id)
            for ad in self
        )
        context = {"active_test": False, "create": False}
        return {**action, "domain": list(domain), "context": context}

    def action_view_return(self):
        """Open cost and return of these ads.

        :return: the action that opens the analysis
        :rtype: dict
        """
        self.env["tiktok.return.report"].check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_ads.tiktok_return_report_action"
        )
        context = {"group_by": ["date:week"]}
        return {**action, "domain": [("ad_id", "in", self.ids)], "context": context}

    # === BUSINESS METHODS === #

    def _set_advertiser(self, advertiser):
        """Store whose these are, where that is not known yet; what is locked waits for a next time.

        :param advertiser: tiktok.advertiser
        """
        query = SQL(
            """UPDATE tiktok_ad_entity SET advertiser_id = %(advertiser)s
                WHERE id IN (SELECT id FROM tiktok_ad_entity
                              WHERE id = ANY(%(ids)s)
                                AND advertiser_id IS DISTINCT FROM %(advertiser)s
                              ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)""",
            advertiser=advertiser.id,
            ids=self.ids,
        )
        self.env.cr.execute(query)
        self.invalidate_recordset(["advertiser_id"], flush=False)

    @api.model
    def _set_parents(self, ads):
        """Store campaign and ad group of ads; one that is not named stays as it is.

        :param dict ads: ids of the campaign and the ad group, or None, by id of the ad
        """
        if not ads:
            return
        query = SQL(
            """UPDATE tiktok_ad_entity ad
                  SET campaign_id = COALESCE(named.campaign_id, ad.campaign_id),
                      adgroup_id = COALESCE(named.adgroup_id, ad.adgroup_id)
                 FROM (SELECT ad.id, named.campaign_id, named.adgroup_id FROM tiktok_ad_entity ad
                         JOIN unnest(%s::integer[], %s::integer[], %s::integer[])
                              AS named (id, campaign_id, adgroup_id) ON named.id = ad.id
                        WHERE named.campaign_id IS DISTINCT FROM ad.campaign_id
                           OR named.adgroup_id IS DISTINCT FROM ad.adgroup_id
                        ORDER BY ad.id FOR NO KEY UPDATE OF ad) AS named
                WHERE named.id = ad.id""",
            [*ads],
            [campaign_id for campaign_id, _adgroup_id in ads.values()],
            [adgroup_id for _campaign_id, adgroup_id in ads.values()],
        )
        self.env.cr.execute(query)
        self.invalidate_model(["campaign_id", "adgroup_id"], flush=False)
