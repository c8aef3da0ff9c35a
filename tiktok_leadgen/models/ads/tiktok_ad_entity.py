import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ... import const
from ...concurrency import (
    UnfinishedError,
    commit_progress,
    process_each,
    retry_on_serialization_failure,
)
from ...job_time import has_time, read_transaction_clock
from ...log_filters import describe_error
from ...tiktok import values

_logger = logging.getLogger(__name__)
KINDS = [("campaign", "Campaign"), ("adgroup", "Ad group"), ("ad", "Ad")]


class TiktokAdEntity(models.Model):
    """A campaign, ad group or ad, with the newest name TikTok gave it.

    Leads store the names, so that they can be grouped by them; after something is renamed at
    TikTok, the scheduled action renames it on the older leads.
    """

    _name = "tiktok.ad.entity"
    _description = "TikTok Campaign, Ad Group or Ad"
    _order = "kind, name, id"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    uid = fields.Char("TikTok ID", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    named_at = fields.Datetime("Name requested on", readonly=True)
    is_stale = fields.Boolean("Leads have another name", readonly=True)

    _uid_uniq = models.UniqueIndex("(company_id, kind, uid)", "This record already exists.")
    _stale_idx = models.Index("(id) WHERE is_stale IS TRUE")

    # === BUSINESS METHODS === #

    @api.model
    def _store_lead_names(self, company, leads):
        """Store the names that leads bring, and return the leads with the newest known names.

        A relay may send a time in the future: its lead is as new as one that has just arrived.

        :param company: res.company
        :param list leads: `tiktok.lead.ParsedLead`
        :return: the leads in the same order, with the newest names
        :rtype: list[tiktok.lead.ParsedLead]
        """
        sent, asked, now = {}, set(), read_transaction_clock(self.env)
        for lead in leads:
            moment = min(lead.submitted_at or now, now)
            for kind, entity in lead.ad_entities.items():
                if not entity.uid or lead.is_test:
                    continue
                asked.add(entity.uid)
                if entity.name:
                    key, named = (kind, entity.uid), (moment, entity.name)
                    sent[key] = max(sent.get(key, named), named)
        names = self._store_names(company, sent, asked) if asked else {}
        return [lead.rename_ad_entities(names) for lead in leads]

    @api.model
    def _store_names(self, company, sent, asked=()):
        """Store names that TikTok sent, with a lead or through the Marketing API.

        :param company: res.company
        :param dict sent: time and name by kind and TikTok's id
        :param set asked: other ids whose names are returned
        :return: the newest name by kind and id
        :rtype: dict
        """
        sent = {key: (when, values.shorten_name(name)) for key, (when, name) in sent.items()}
        uids = {*asked, *(uid for _kind, uid in sent)}
        domain = [("company_id", "=", company.id), ("uid", "in", list(uids))]
        found = self.search_fetch(domain, ["kind", "uid", "name", "named_at"])
        known = {(entity.kind, entity.uid): entity for entity in found}
        now = read_transaction_clock(self.env)
        self.create(
            [
                {"kind": kind, "uid": uid, "company_id": company.id, "named_at": when, "name": name}
                for (kind, uid), (when, name) in sent.items()
                if (kind, uid) not in known
            ]
        )
        for key in sent.keys() & known.keys():
            when, name = sent[key]
            if name != known[key].name and when >= min(known[key].named_at, now):
                known[key]._rename_entity(name, when)
        new = {key: name for key, (_when, name) in sent.items()}
        return new | {key: entity.name for key, entity in known.items()}

    def _rename_entity(self, name, when):
        """Rename the entity; its leads are renamed in the background.

        If another transaction holds one of the rows, the next lead has the name again.

        :param str name: the new one
        :param datetime when: TikTok sent it, in UTC
        """
        self.ensure_one()
        campaign = self._find_own_campaign(name)
        if not self.try_lock_for_update(allow_referencing=True):
            return
        if campaign and not campaign.try_lock_for_update():
            return
        campaign.write({"title": name, "name": name})
        self.write({"name": name, "named_at": when, "is_stale": True})
        self.env["ir.cron"]._tiktok_trigger_job("tiktok_leadgen.ir_cron_refresh_names")

    def _find_own_campaign(self, name):
        """Find Odoo's campaign to rename as well: created by this addon for this entity alone.

        :param str name: the new one
        :rtype: utm.campaign
        """
        campaigns = self.env["utm.campaign"].sudo().with_context(active_test=False, lang=None)
        if self.kind != "campaign":
            return campaigns
        namesakes = [("kind", "=", "campaign"), ("name", "=", self.name), ("id", "!=", self.id)]
        ours = campaigns.search([("name", "=", self.name), ("is_tiktok", "=", True)], limit=1)
        if (
            not ours
            or self.sudo().search_count(namesakes, limit=1)
            or self._is_campaign_shared(ours)
        ):
            return campaigns.browse()
        taken = campaigns.search_count([("name", "=", name)], limit=1)
        return campaigns.browse() if taken else ours

    def _is_campaign_shared(self, campaign):
        """Tell whether one of Odoo's campaigns has leads of other campaigns of TikTok.

        Two may have had the same name before one was renamed: its older leads stayed.

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

    # === SCHEDULED ACTION === #

    @api.model
    @retry_on_serialization_failure
    def _cron_refresh_names(self):
        """Give older leads the newest names, in batches."""
        stale = self.search([("is_stale", "=", True)])
        work, on_error = type(self)._refresh_lead_names, type(self)._log_refresh_error
        process_each(stale, work, on_error, job=self._name)

    def _refresh_lead_names(self):
        """Rename the leads of one entity, committing each batch, while there is time.

        :raise UnfinishedError: if there was no time for all, or other transactions hold some
        """
        self.ensure_one()
        while self.is_stale:
            count, self.is_stale = self._rename_lead_batch()
            commit_progress(self.env, processed=count)
            if not count or not has_time(self.env):
                break
        if self.is_stale:
            raise UnfinishedError

    def _log_refresh_error(self, error):
        """Log where an exception was raised; the next run tries again.

        :param Exception error: unexpected
        """
        _logger.warning("TikTok %s %s: %s", self.kind, self.uid, describe_error(error))

    def _rename_lead_batch(self):
        """Rename one batch of leads without tracking: no user changed anything.

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


class UtmCampaign(models.Model):
    """A marketing campaign named after the campaign at TikTok."""

    _name = "utm.campaign"
    _inherit = ["utm.campaign", "tiktok.protected.mixin"]

    is_tiktok = fields.Boolean(
        "Created for TikTok", readonly=True, copy=False, help="Named as at TikTok."
    )
