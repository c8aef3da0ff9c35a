from odoo import api, fields, models

# When a submission came, and by which form and campaign: in the order of `_tiktok_merge_last_touch`
REPEAT = ("tiktok_repeat_at", "tiktok_repeat_form_id", "tiktok_repeat_campaign_id")


class CrmLead(models.Model):
    """From a lead back to where it came from."""

    _inherit = "crm.lead"

    tiktok_advertiser_id = fields.Many2one(
        "tiktok.advertiser", "TikTok ad account", compute="_compute_tiktok_advertiser_id"
    )

    tiktok_repeat_at = fields.Datetime(
        "Last submitted again",
        readonly=True,
        copy=False,
        help="When a later submission of the same person was noted on this lead.",
    )
    tiktok_repeat_form_id = fields.Many2one(
        "tiktok.form",
        "Form submitted again",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    tiktok_repeat_campaign_id = fields.Many2one(
        "tiktok.origin",
        "Campaign of the last submission",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("tiktok_advertiser_uid")
    def _compute_tiktok_advertiser_id(self):
        uids = [uid for uid in self.mapped("tiktok_advertiser_uid") if uid]
        found = self.env["tiktok.advertiser"].search([("advertiser_uid", "in", uids)])
        known = {(each.company_id, each.advertiser_uid): each for each in found}
        for lead in self:
            key = (lead._tiktok_company(), lead.tiktok_advertiser_uid)
            lead.tiktok_advertiser_id = known.get(key)

    # === REPEAT SUBMISSIONS === #

    @api.model
    def _tiktok_remember_repeats(self, company, repeats):
        """Keep on each lead which submission of its person came last, and by which campaign.

        :param company: res.company
        :param list repeats: `Repeat`, in the order in which they came
        """
        uids = {repeat.answers.campaign_uid for repeat in repeats}
        campaigns = self.env["tiktok.origin"].search_fetch(
            [("company_id", "=", company.id), ("kind", "=", "campaign"), ("uid", "in", list(uids))],
            ["uid"],
        )
        by_uid = {campaign.uid: campaign.id for campaign in campaigns}
        for event, answers, lead, _reason in repeats:
            values = {
                "tiktok_repeat_at": event.received_at,
                "tiktok_repeat_form_id": event.form_id.id,
                "tiktok_repeat_campaign_id": by_uid.get(answers.campaign_uid, False),
            }
            lead.with_context(tracking_disable=True, mail_notrack=True).write(values)

    def _tiktok_last_touch(self):
        """Return when the person of a lead submitted last, and by which campaign or form.

        :return: the time, and the name
        :rtype: tuple
        """
        received = self.tiktok_received_at
        if self.tiktok_repeat_at and (not received or self.tiktok_repeat_at >= received):
            names = self.sudo().tiktok_repeat_campaign_id, self.sudo().tiktok_repeat_form_id
            return self.tiktok_repeat_at, names[0].name or names[1].name or False
        return received, self._tiktok_way()

    @api.model
    def _tiktok_merge_last_touch(self, name, leads):
        """Return what is kept of the last submission when leads are merged.

        The lead that tells where the result comes from stays the first submission.

        :param str name: one of ``REPEAT``
        :param leads: crm.lead that are merged, the most important one first
        """
        real = leads.filtered("tiktok_lead_uid")
        touches = [
            (lead.tiktok_repeat_at, lead.tiktok_repeat_form_id, lead.tiktok_repeat_campaign_id)
            for lead in leads
            if lead.tiktok_repeat_at
        ]
        touches += [
            (lead.tiktok_received_at, lead.tiktok_form_id, lead._tiktok_campaign_origin())
            for lead in real[1:]
            if lead.tiktok_received_at
        ]
        if not touches:
            return False
        value = max(touches, key=lambda touch: touch[0])[REPEAT.index(name)]
        return value.id if isinstance(value, models.BaseModel) else value

    def _tiktok_campaign_origin(self):
        """Return the campaign that brought a lead.

        :rtype: tiktok.origin
        """
        return self.env["tiktok.origin"].search(
            [
                ("company_id", "=", self._tiktok_company().id),
                ("kind", "=", "campaign"),
                ("uid", "=", self.tiktok_campaign_uid),
            ],
            limit=1,
        )

    def _tiktok_way(self):
        """Return the campaign that brought it, else the form.

        :rtype: str | bool
        """
        return self.tiktok_campaign_name or self.tiktok_form_id.name or False
