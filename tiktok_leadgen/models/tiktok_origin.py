from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from ..clash import survives_clashes
from ..tiktok import values

KINDS = [("campaign", "Campaign"), ("adgroup", "Ad group"), ("ad", "Ad")]


class TiktokOrigin(models.Model):
    """A campaign, ad group or ad, by the newest name that TikTok told.

    Leads keep their own names, so that they can be grouped by; who renames something at TikTok
    finds the older leads under the new name soon after.
    """

    _name = "tiktok.origin"
    _description = "TikTok Campaign, Ad Group or Ad"
    _order = "kind, name, id"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    uid = fields.Char("TikTok ID", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    told_at = fields.Datetime("Name told on", readonly=True)
    is_stale = fields.Boolean("Leads have another name", readonly=True)

    _uid_uniq = models.UniqueIndex("(company_id, kind, uid)", "This is known already.")
    _stale_idx = models.Index("(id) WHERE is_stale IS TRUE")

    # === BUSINESS METHODS === #

    @api.model
    def _learn(self, company, leads):
        """Learn names from leads, and give each lead the newest one that is known.

        :param company: res.company
        :param list leads: `tiktok.lead.Lead`
        """
        told, asked = {}, set()
        for lead in leads:
            moment = self.env["crm.lead"]._tiktok_datetime(lead.submitted) or fields.Datetime.now()
            for kind, _label in KINDS:
                key = (kind, getattr(lead, f"{kind}_uid"))
                name = getattr(lead, f"{kind}_name")
                if not key[1] or lead.is_test:
                    continue
                asked.add(key[1])
                if name:
                    told[key] = max(told.get(key, (moment, name)), (moment, name))
        names = self._tell(company, told, asked) if asked else {}
        for lead in leads:
            for kind, _label in KINDS:
                newest = names.get((kind, getattr(lead, f"{kind}_uid")))
                if newest:
                    setattr(lead, f"{kind}_name", newest)

    @api.model
    def _tell(self, company, told, asked=()):
        """Note names that TikTok told, by a lead or by its Marketing API.

        :param company: res.company
        :param dict told: when, and the name, by kind and TikTok's id
        :param set asked: more ids whose names are wanted
        :return: the newest name by kind and id
        :rtype: dict
        """
        told = {key: (when, values.shorten(name)) for key, (when, name) in told.items()}
        uids = {*asked, *(uid for _kind, uid in told)}
        domain = [("company_id", "=", company.id), ("uid", "in", list(uids))]
        found = self.search_fetch(domain, ["kind", "uid", "name", "told_at"])
        known = {(origin.kind, origin.uid): origin for origin in found}
        self.create(
            [
                {"kind": kind, "uid": uid, "company_id": company.id, "told_at": when, "name": name}
                for (kind, uid), (when, name) in told.items()
                if (kind, uid) not in known
            ]
        )
        for key in told.keys() & known.keys():
            when, name = told[key]
            if name != known[key].name and when >= known[key].told_at:
                known[key]._rename(name, when)
        new = {key: name for key, (_when, name) in told.items()}
        return new | {key: origin.name for key, origin in known.items()}

    def _rename(self, name, when):
        """Take a new name; the leads follow in the background.

        Where another transaction holds one of the rows, the next lead brings the name again.
        """
        self.ensure_one()
        campaign = self._find_own_campaign(name)
        if not self.try_lock_for_update(allow_referencing=True):
            return
        if campaign and not campaign.try_lock_for_update():
            return
        campaign.write({"title": name, "name": name})
        self.write({"name": name, "told_at": when, "is_stale": True})
        cron = self.env.ref("tiktok_leadgen.ir_cron_refresh_names", raise_if_not_found=False)
        if cron:
            cron._tiktok_trigger()

    def _find_own_campaign(self, name):
        """Find Odoo's campaign that takes the new name too: we made it, for this one alone.

        :param str name: the new one
        :rtype: utm.campaign
        """
        campaigns = self.env["utm.campaign"].sudo().with_context(active_test=False, lang=None)
        if self.kind != "campaign":
            return campaigns
        namesakes = [("kind", "=", "campaign"), ("name", "=", self.name), ("id", "!=", self.id)]
        ours = campaigns.search([("name", "=", self.name), ("is_tiktok", "=", True)], limit=1)
        if not ours or self.sudo().search_count(namesakes, limit=1) or self._shares_utm(ours):
            return campaigns.browse()
        taken = campaigns.search_count([("name", "=", name)], limit=1)
        return campaigns.browse() if taken else ours

    def _shares_utm(self, campaign):
        """Tell whether leads of other campaigns of TikTok are in one of Odoo's campaigns.

        Two may have had one name, and one of them another name since: its older leads stayed.

        :param campaign: utm.campaign
        :rtype: bool
        """
        self.env["crm.lead"].flush_model(["campaign_id", "company_id", "tiktok_campaign_uid"])
        query = SQL(
            """SELECT EXISTS (
                   SELECT FROM crm_lead lead
                     LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
                    WHERE lead.campaign_id = %(campaign)s AND lead.tiktok_campaign_uid IS NOT NULL
                      AND (lead.tiktok_campaign_uid, COALESCE(lead.company_id, form.company_id))
                          IS DISTINCT FROM (%(uid)s::varchar, %(company)s::integer))""",
            campaign=campaign.id,
            uid=self.uid,
            company=self.company_id.id,
        )
        return self.env.execute_query(query)[0][0]

    # === THE JOB === #

    @api.model
    @survives_clashes
    def _cron_refresh_names(self):
        """Give older leads the newest names, some thousand at a time."""
        for origin in self.search([("is_stale", "=", True)]):
            while True:
                done, left = origin._refresh_leads()
                origin.is_stale = left
                if not self.env["ir.cron"]._commit_progress(done, remaining=int(left)):
                    return
                if not done:
                    break

    def _refresh_leads(self):
        """Rename one batch of leads, without a trace on them: nobody changed anything.

        :return: how many were renamed, and whether some are left
        :rtype: tuple[int, bool]
        """
        self.ensure_one()
        self.env["crm.lead"].flush_model()
        uid, name = f"tiktok_{self.kind}_uid", f"tiktok_{self.kind}_name"
        stale = SQL(
            """SELECT lead.id FROM crm_lead lead
                 LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
                WHERE %(uid_name)s = %(uid)s AND %(name_name)s IS DISTINCT FROM %(name)s
                  AND COALESCE(lead.company_id, form.company_id) = %(company)s LIMIT %(limit)s""",
            uid_name=SQL.identifier("lead", uid),
            name_name=SQL.identifier("lead", name),
            uid=self.uid,
            name=self.name,
            company=self.company_id.id,
            limit=const.GC_BATCH,
        )
        query = SQL(
            """UPDATE crm_lead SET %s = %s
                WHERE id IN (%s FOR NO KEY UPDATE OF lead SKIP LOCKED)""",
            SQL.identifier(name),
            self.name,
            stale,
        )
        self.env.cr.execute(query)
        done = self.env.cr.rowcount
        self.env["crm.lead"].invalidate_model([name], flush=False)
        self.env.cr.execute(SQL("SELECT EXISTS (%s)", stale))
        return done, self.env.cr.fetchone()[0]
