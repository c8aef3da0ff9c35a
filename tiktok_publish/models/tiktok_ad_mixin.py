import re

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

_UID = re.compile(r"\d{5,25}")


class TiktokAdMixin(models.AbstractModel):
    """Something that ads show: the leads of those ads are the ones it brought."""

    _name = "tiktok.ad.mixin"
    _description = "TikTok Shown in Ads"

    ad_uids = fields.Char(
        "Ads that show it",
        copy=False,
        help="IDs of the ads in TikTok Ads Manager, separated by commas. Leads of these ads are "
        "counted here. Where the app may read ads, those that brought leads are found by "
        "themselves; you can add others by hand.",
    )
    lead_count = fields.Integer("Leads", compute="_compute_lead_count")

    # === COMPUTE METHODS === #

    @api.depends("ad_uids")
    def _compute_lead_count(self):
        for record in self:
            record.lead_count = record._count_leads()

    # === ACTION METHODS === #

    def action_view_leads(self):
        """Open the leads of the ads that show it."""
        if not self.env["crm.lead"].has_access("read"):
            raise AccessError(self.env._("Only salespeople may see leads."))
        action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_all_leads")
        context = {"active_test": False, "create": False}
        return {**action, "domain": list(self._lead_domain()), "context": context}

    # === BUSINESS METHODS === #

    def _count_leads(self):
        """Return how many leads these brought together, each once, as far as one may see them.

        :rtype: int
        """
        domain = self._lead_domain()
        leads = self.env["crm.lead"].with_context(active_test=False)
        if domain.is_false() or not leads.has_access("read"):
            return 0
        return leads.search_count(domain)

    def _lead_domain(self):
        return Domain.OR(
            Domain("tiktok_ad_uid", "in", uids)
            & self.env["crm.lead"]._tiktok_company_domain(record.company_id)
            & Domain("tiktok_is_test", "=", False)
            for record in self
            if (uids := record._ad_list())
        )

    def _ad_list(self):
        return sorted(set(_UID.findall(self.ad_uids or "")))

    def _add_ads(self, uids):
        """Note ads that show it.

        :param uids: of ads, as TikTok gives them
        """
        known = set(self._ad_list())
        more = known | {str(uid) for uid in uids}
        if more != known:
            self.ad_uids = ",".join(sorted(more))

    @api.model
    def _link_ads(self, company, ads):
        """Note which ads show which posts and videos, where TikTok's ids tell.

        :param company: res.company whose ads they are
        :param dict ads: TikTok's id of the post or video (``tiktok_item_id``) by id of the ad
        """
        items = [str(item_uid) for item_uid in ads.values() if item_uid]
        if not items:
            return
        own = [("company_id", "=", company.id)]
        videos = self.env["tiktok.video"].sudo().with_context(active_test=False)
        videos.search([*own, ("video_uid", "in", items)])._take_ads(ads)
        self.env["tiktok.post"].sudo().search([*own, ("post_uids", "!=", False)])._take_ads(ads)

    def _find_ads(self):
        """Note the ads of which TikTok told before that they show these."""
        for company, records in self.grouped("company_id").items():
            ads = self.env["tiktok.origin"].sudo()._shown_items(company, records._item_uids())
            records._take_ads(ads)

    def _take_ads(self, ads):
        """Note on each of these the ads that show it.

        :param dict ads: TikTok's id of the post or video by id of the ad
        """
        shown = {}
        for ad_uid, item_uid in ads.items():
            shown.setdefault(str(item_uid), []).append(ad_uid)
        for record in self:
            record._add_ads(uid for item in record._item_uids() for uid in shown.get(item, ()))

    def _item_uids(self):
        """Return TikTok's ids of these, as an ad names what it shows.

        :rtype: list[str]
        """
        return []
