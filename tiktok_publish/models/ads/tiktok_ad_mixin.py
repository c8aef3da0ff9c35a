import re

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

_UID = re.compile(r"\d{5,25}")


class TiktokAdMixin(models.AbstractModel):
    """A post or video that ads show: it brought the leads of those ads."""

    _name = "tiktok.ad.mixin"
    _description = "TikTok Posts in Ads"

    ad_uids = fields.Char(
        "Ads using this post",
        copy=False,
        help="IDs of the ads in TikTok Ads Manager, separated by commas. Leads of these ads "
        "are counted here. If the app may read ads, ads with leads are found "
        "automatically; you can add others manually.",
    )
    lead_count = fields.Integer("Leads", compute="_compute_lead_count")

    # === COMPUTE METHODS === #

    @api.depends("ad_uids")
    def _compute_lead_count(self):
        for record in self:
            record.lead_count = record._count_ad_leads()

    # === ACTION METHODS === #

    def action_view_leads(self):
        """Open the leads of the ads that show these posts or videos.

        :rtype: dict
        :raise AccessError: if the user may not see leads
        """
        if not self.env["crm.lead"].has_access("read"):
            raise AccessError(self.env._("Only salespeople may see leads."))
        action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_all_leads")
        context = {"active_test": False, "create": False}
        return {**action, "domain": list(self._build_lead_domain()), "context": context}

    # === BUSINESS METHODS === #

    def _count_ad_leads(self):
        """Return how many leads these brought together, each once, as far as the user may see them.

        :rtype: int
        """
        domain = self._build_lead_domain()
        leads = self.env["crm.lead"].with_context(active_test=False)
        if domain.is_false() or not leads.has_access("read"):
            return 0
        return leads.search_count(domain)

    def _build_lead_domain(self):
        return Domain.OR(
            Domain("tiktok_ad_uid", "in", uids)
            & self.env["tiktok.assignment"]._get_company_domain(record.company_id)
            & Domain("tiktok_is_test", "=", False)
            for record in self
            if (uids := record._parse_ad_uids())
        )

    def _parse_ad_uids(self):
        return sorted(set(_UID.findall(self.ad_uids or "")))

    def _add_ad_uids(self, uids):
        """Add ads that show the post or video.

        :param uids: iterable of TikTok's ad IDs
        """
        known = set(self._parse_ad_uids())
        merged = known | {str(uid) for uid in uids}
        if merged != known:
            self.ad_uids = ",".join(sorted(merged))

    @api.model
    def _link_ads_to_items(self, company, ads):
        """Store which ads show which posts and videos, by TikTok's IDs.

        :param company: res.company whose ads they are
        :param dict ads: TikTok's id of the post or video (``tiktok_item_id``) by id of the ad
        """
        items = [str(item_uid) for item_uid in ads.values() if item_uid]
        if not items:
            return
        own = [("company_id", "=", company.id)]
        videos = self.env["tiktok.video"].sudo().with_context(active_test=False)
        videos.search([*own, ("video_uid", "in", items)])._store_ad_uids(ads)
        self.env["tiktok.post"].sudo().search([*own, ("post_uids", "!=", False)])._store_ad_uids(
            ads
        )

    def _link_known_ads(self):
        """Store the ads that TikTok has already named for these posts or videos."""
        for company, records in self.grouped("company_id").items():
            ads = (
                self.env["tiktok.ad.entity"]
                .sudo()
                ._map_shown_items(company, records._get_item_uids())
            )
            records._store_ad_uids(ads)

    def _store_ad_uids(self, ads):
        """Store on each of these the ads that show it.

        :param dict ads: TikTok's id of the post or video by id of the ad
        """
        shown = {}
        for ad_uid, item_uid in ads.items():
            shown.setdefault(str(item_uid), []).append(ad_uid)
        for record in self:
            record._add_ad_uids(
                uid for item in record._get_item_uids() for uid in shown.get(item, ())
            )

    def _get_item_uids(self):
        """Return TikTok's ids of these, as an ad names what it shows.

        :rtype: list[str]
        """
        return []
