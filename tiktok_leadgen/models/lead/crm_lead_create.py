from dataclasses import replace

from odoo import Command, api, fields, models
from odoo.tools.sql import column_exists, create_column

from ...lead_precompute import (
    add_computed_values,
    prepare_create_context,
    protect_computed_values,
)
from ...lead_values import (
    SOURCE,
    TEXT_FIELDS,
    BatchContext,
    LeadValues,
    ResolvedLead,
    prepare_attribution,
    split_deliveries,
)
from ...locks import find_references, lock_references, referred_tables
from ...utm_records import find_or_create_utm
from ...value_map import find_usable_teams
from .tiktok_phone import PHONE_ISSUES


class CrmLead(models.Model):
    """How deliveries become leads: created, merged into an earlier lead, or supplemented."""

    _inherit = "crm.lead"

    tiktok_phone_issue = fields.Selection(
        PHONE_ISSUES, "Phone number", compute="_compute_tiktok_phone_issue", store=True, copy=False
    )
    tiktok_phone_country_ids = fields.Many2many(
        "res.country",
        string="Possible countries of the phone number",
        compute="_compute_tiktok_phone_country_ids",
    )
    tiktok_phone_country_id = fields.Many2one(
        "res.country",
        "Country of the phone number",
        compute="_compute_tiktok_phone_country_ids",
        inverse="_inverse_tiktok_phone_country_id",
        readonly=False,
        help="Later leads of the form use it as well.",
    )

    def _auto_init(self):
        """Add the column first: no lead that is there already is read again."""
        if not column_exists(self.env.cr, self._table, "tiktok_phone_issue"):
            create_column(self.env.cr, self._table, "tiktok_phone_issue", "varchar")
        return super()._auto_init()

    @api.model
    def _tiktok_create_or_merge(self, company, deliveries):
        """Create or merge the leads of one company's events, all steps for the whole batch.

        :param company: res.company
        :param list deliveries: tiktok.event and `tiktok.lead.ParsedLead`
        :return: crm.lead by tiktok.event; one that needs a row which is locked is left out
        :rtype: dict
        """
        leads = self._tiktok_find_existing(company, [event.lead_uid for event, _lead in deliveries])
        new, later = split_deliveries(deliveries, leads)
        resolved = self._tiktok_resolve_leads(company, new)
        prepared = self._tiktok_prepare_batch(company, resolved)
        prepared = self._tiktok_find_repeats(company, prepared)
        prepared = self._tiktok_set_salespeople(company, prepared)
        unlocked = self._tiktok_lock_referred_rows(prepared)
        created = self._tiktok_create_unlocked(unlocked)
        leads |= self._tiktok_merge_repeats(company, unlocked, created)
        blocked = self._tiktok_supplement_leads(company, leads, later)
        events = (event for event, _lead in deliveries if event not in blocked)
        return {event: leads[event.lead_uid] for event in events if event.lead_uid in leads}

    # === STEPS === #

    @api.model
    def _tiktok_find_existing(self, company, uids):
        """Find leads that are here already, also those that were merged into another one.

        :param company: res.company
        :param list[str] uids: TikTok's IDs
        :return: crm.lead by TikTok's ID
        :rtype: dict
        """
        own = [("company_id", "=", company.id)]
        processed = [*own, ("lead_uid", "in", uids), ("lead_id", "!=", False)]
        events = self.env["tiktok.event"].search_fetch(processed, ["lead_uid", "lead_id"])
        found = {event.lead_uid: event.lead_id for event in events}
        domain = [*own, ("tiktok_lead_uid", "in", uids)]
        leads = self.with_context(active_test=False).search_fetch(domain, ["tiktok_lead_uid"])
        return found | {lead.tiktok_lead_uid: lead for lead in leads}

    @api.model
    def _tiktok_resolve_leads(self, company, deliveries):
        """Find or create the records that entries are about: forms, questions, places, campaigns.

        :param company: res.company
        :param list deliveries: tiktok.event and `tiktok.lead.ParsedLead`
        :return: one for each delivery, in the same order
        :rtype: list[ResolvedLead]
        """
        if not deliveries:
            return []
        parsed = self.env["tiktok.ad.entity"]._store_lead_names(
            company, [lead for _event, lead in deliveries]
        )
        forms = self.env["tiktok.form"]._find_or_create_forms(company, parsed)
        parsed = self.env["tiktok.form.question"]._sync_questions(forms, parsed)
        locations = self.env["tiktok.location"]._resolve_locations(company, parsed, forms)
        answered, defaults = self.env["tiktok.mapping"]._map_answers(company, forms, parsed)
        campaigns = find_or_create_utm(self.env["utm.campaign"], [x.campaign.name for x in parsed])
        test_uids = self.env["tiktok.connection.test"]._find_lead_uids(company)
        resolved = []
        for number, (event, _entry) in enumerate(deliveries):
            lead, (country_id, state_id) = parsed[number], locations[number]
            form = forms.get(lead.page.uid, self.env["tiktok.form"])
            resolved.append(
                ResolvedLead(
                    event=event,
                    parsed=lead,
                    form=form,
                    is_test=lead.is_test or event.source == "test" or event.lead_uid in test_uids,
                    country_id=country_id,
                    state_id=state_id,
                    campaign_id=campaigns.get(lead.campaign.name, False),
                    answered=answered[number],
                    defaults=defaults.get(form, []),
                )
            )
        return resolved

    @api.model
    def _tiktok_prepare_batch(self, company, leads):
        """Return the values of leads, with what they share looked up once.

        :param company: res.company
        :param list[ResolvedLead] leads: of one batch
        :rtype: list[LeadValues]
        """
        if not leads:
            return []
        context = self._tiktok_read_batch_context(company, leads)
        return [self._tiktok_prepare_values(lead, context) for lead in leads]

    @api.model
    def _tiktok_set_salespeople(self, company, prepared):
        """Return the values with the salesperson, which is much cheaper than a later write.

        :param company: res.company
        :param list[LeadValues] prepared: with their targets; repeat submissions stay as they are
        :rtype: list[LeadValues]
        """
        vals_list = [dict(each.values) for each in prepared if each.target is None]
        self.env["tiktok.assignment"]._assign_new_values(company, vals_list)
        assigned = iter(vals_list)
        return [
            replace(each, values=next(assigned)) if each.target is None else each
            for each in prepared
        ]

    @api.model
    def _tiktok_lock_referred_rows(self, prepared):
        """Lock the rows that new leads refer to, and leave out leads that would have to wait.

        :param list[LeadValues] prepared: with their salespeople
        :return: those that wait for no other transaction, by position
        :rtype: dict[int, LeadValues]
        """
        tables = referred_tables(self, without={"tiktok_event_id"})
        needed, earlier = {}, set()
        for number, each in enumerate(prepared):
            if each.target is None:
                needed[number] = find_references(each.values, tables)
            elif each.target.kind != "batch":
                needed[number] = {("crm_lead", each.target.number)}
                earlier.add(each.target.number)
        free = lock_references(self.env.cr, set().union(*needed.values()))
        noted = self.browse(earlier)  # written, too: when the person submitted again
        held = noted - noted.try_lock_for_update(allow_referencing=True)
        free -= {("crm_lead", lead_id) for lead_id in held.ids}
        blocked = {number for number, references in needed.items() if not references <= free}
        return {
            number: each
            for number, each in enumerate(prepared)
            # A submission that is noted on a lead of the batch shares its fate.
            if (number if number in needed else each.target.number) not in blocked
        }

    @api.model
    def _tiktok_create_unlocked(self, unlocked):
        """Create the leads that get a record of their own, and notify their salespeople.

        :param dict[int, LeadValues] unlocked: by position
        :return: crm.lead by position
        :rtype: dict
        """
        own = {number: each.values for number, each in unlocked.items() if each.target is None}
        if not own:
            return {}
        model = self.with_context(**prepare_create_context())
        leads = model.create(list(own.values())).with_env(self.env)
        self.env["tiktok.assignment"]._complete_new_leads(leads)
        return dict(zip(own, leads, strict=True))

    @api.model
    def _add_missing_default_values(self, values):
        defaults = self.env.context.get("tiktok_lead_create")
        add_defaults = super()._add_missing_default_values
        return defaults.add_missing(values, add_defaults) if defaults else add_defaults(values)

    @api.model
    def _add_precomputed_values(self, vals_list):
        result = super()._add_precomputed_values(vals_list)
        if self.env.context.get("tiktok_lead_create"):
            add_computed_values(self, vals_list)
        return result

    def _create(self, data_list):
        if self.env.context.get("tiktok_lead_create"):
            protect_computed_values(self, data_list)
        return super()._create(data_list)

    # === VALUES === #

    @api.model
    def _tiktok_read_batch_context(self, company, leads):
        """Look up what the leads of a batch share.

        :param company: res.company
        :param list[ResolvedLead] leads: of one batch
        :rtype: BatchContext
        """
        team = self._tiktok_find_team(company, test=company._tiktok_chooses_salesperson())
        test_team = team or self._tiktok_find_team(company, test=True)
        form_teams = {form.team_id.id for form in {lead.form for lead in leads if lead.form}}
        answer_teams = find_usable_teams(company, [lead.parsed for lead in leads])
        test_tag = self.env.ref("tiktok_leadgen.crm_tag_test", False)
        return BatchContext(
            company=company,
            team=team,
            test_team=test_team,
            answer_teams=answer_teams,
            # CRM would look for the first stage once for each lead.
            stage_ids={
                team_id: self._stage_find(team_id=team_id, domain=[("fold", "=", False)]).id
                for team_id in {team.id, test_team.id} | form_teams | answer_teams.keys()
            },
            test_tag_ids=test_tag.ids if test_tag else [],
            use_leads=self.env.user.has_group("crm.group_use_lead"),
            source_id=find_or_create_utm(self.env["utm.source"], [SOURCE])[SOURCE],
            medium_ids=find_or_create_utm(self.env["utm.medium"], [lead.medium for lead in leads]),
        )

    @api.model
    def _tiktok_prepare_values(self, lead, context):
        """Return the values of one lead.

        :param ResolvedLead lead: whose values they are
        :param BatchContext context: of its batch
        :rtype: LeadValues
        """
        # The team decides which properties there are: it must be the final one.
        team, answer_team_id = context.choose_team(lead)
        location = (lead.country_id, lead.state_id)
        countries = lead.form.default_country_id | context.company.country_id
        values = {
            **self._tiktok_prepare_person(lead.event, lead.parsed, countries, location),
            **prepare_attribution(lead),
            "type": context.choose_type(team),
            "team_id": team.id,
            "tiktok_answer_team_id": answer_team_id,
            "stage_id": context.stage_ids[team.id],
            "tag_ids": [Command.set(context.test_tag_ids)] if lead.is_test else False,
            "tiktok_is_test": lead.is_test,
            "user_id": False,
            "company_id": context.company.id,
            "source_id": context.source_id,
            "medium_id": context.medium_ids[lead.medium],
            "campaign_id": lead.campaign_id,
        }
        mapped = self.env["tiktok.mapping"]._add_mapped_values(
            values, lead.parsed, lead.form, lead.answered, lead.defaults
        )
        if any(mapped[name] != values[name] for name in ("phone", "country_id")):
            parse_phone = self.env["tiktok.phone"]._parse_phone
            phone = parse_phone(mapped["phone"], mapped["country_id"], countries)
            mapped["tiktok_phone_issue"] = phone.issue or False
        return LeadValues(lead, mapped)

    @api.model
    def _tiktok_prepare_person(self, event, parsed, countries, location):
        """Return who it is and how to reach them.

        :param event: tiktok.event
        :param ParsedLead parsed: with the keys of its answers
        :param countries: res.country of phone numbers where the lead's own does not tell
        :param tuple location: ids of country and state, False for none
        :rtype: dict
        """
        country_id, state_id = location
        phone = parsed.answer("phone_number")
        texts = {name: parsed.answer(key) for name, key in TEXT_FIELDS.items()}
        fits = self.env["tiktok.mapping.target"]._fits_field
        return {
            **{name: text if text and fits(name, text) else False for name, text in texts.items()},
            "name": parsed.title or self.env._("TikTok lead %s", event.lead_uid),
            "contact_name": parsed.person or False,
            "email_from": parsed.email or False,
            **self.env["tiktok.phone"]._prepare_phone_values(phone, country_id, countries),
            "country_id": country_id,
            "state_id": state_id,
        }

    @api.model
    def _tiktok_find_team(self, company, test=False):
        """Return the team of new leads: the company's choice, else what CRM would take.

        With CRM's own rule-based assignment on, the team stays empty: CRM allocates it. A test
        gets one all the same, so that CRM does not.

        :param company: res.company
        :param bool test: whether there must be one
        :rtype: crm.team
        """
        if company.tiktok_team_id:
            return company.tiktok_team_id
        teams = self.env["crm.team"]
        if self._is_rule_based_assignment_activated() and not test:
            return teams
        domain = [("company_id", "in", [company.id, False]), ("use_opportunities", "=", True)]
        return teams.search(domain, limit=1)

    # === PHONE NUMBER === #

    @api.depends("phone", "country_id")
    def _compute_tiktok_phone_issue(self):
        for lead in self:
            lead.tiktok_phone_issue = self.env["tiktok.phone"]._find_phone_issue(lead)

    @api.depends("tiktok_phone_issue")
    def _compute_tiktok_phone_country_ids(self):
        self.tiktok_phone_country_id = False
        for lead in self:
            lead.tiktok_phone_country_ids = self.env["tiktok.phone"]._suggest_countries(lead)

    def _inverse_tiktok_phone_country_id(self):
        for lead in self.filtered("tiktok_phone_country_id"):
            self.env["tiktok.phone"]._choose_country(lead, lead.tiktok_phone_country_id)
