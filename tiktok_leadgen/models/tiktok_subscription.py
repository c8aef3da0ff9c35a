from odoo import api, fields, models

KINDS = [
    ("ours", "Sends leads here"),
    ("stale", "Ours, must be renewed"),
    ("duplicate", "Ours, once too often"),
    ("other", "Somebody else's"),
]


class TiktokSubscription(models.Model):
    """A subscription as TikTok had it when it was last asked; none of its secrets is kept."""

    _name = "tiktok.subscription"
    _description = "TikTok Lead Subscription"
    _order = "kind, id"
    _check_company_auto = True

    advertiser_id = fields.Many2one(
        "tiktok.advertiser", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="advertiser_id.company_id", store=True, index=True)
    subscription_uid = fields.Char("Subscription", required=True)
    kind = fields.Selection(KINDS, "What it is", required=True)
    lead_source = fields.Char()
    library_uid = fields.Char("Library ID")
    page_uid = fields.Char("Form ID")
    place = fields.Char("Goes to", help="The address without the secret part.")
    about = fields.Char("Leads of", compute="_compute_about")

    _subscription_uniq = models.Constraint(
        "UNIQUE(advertiser_id, subscription_uid)", "The subscription is there already."
    )

    @api.depends("lead_source", "library_uid", "page_uid")
    def _compute_about(self):
        uids = [uid for uid in self.mapped("page_uid") if uid]
        found = self.env["tiktok.form"].search_fetch([("page_uid", "in", uids)], ["name"])
        names = {form.page_uid: form.name for form in found}
        for subscription in self:
            subscription.about = subscription._describe(names)

    def _describe(self, names):
        if self.page_uid:
            name = names.get(self.page_uid, self.page_uid)
            return self.env._("The form “%s”", name)
        if self.library_uid:
            return self.env._("All forms of library %s", self.library_uid)
        if self.lead_source == "DIRECT_MESSAGE":
            return self.env._("Direct messages")
        return self.env._("All forms")
