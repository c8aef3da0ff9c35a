import datetime
import re

from odoo import Command, api, models

SOURCE = "TikTok"
MEDIUMS = {"DIRECT_MESSAGE": "TikTok Direct Message"}
DEFAULT_MEDIUM = "TikTok Instant Form"
# Nobody follows what a machine makes, and there is no change to track yet.
CREATE_CONTEXT = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "default_user_id": False,
    "tiktok_lead_create": True,  # see `ir.cron`
}
_COMMAND_SIGNS = re.compile("[*#＊＃﹡﹟]")
TEXT_FIELDS = {
    "email_from": "email",
    "partner_name": "company",
    "function": "job_title",
    "website": "website",
    "street": "street",
    "street2": "street2",
    "city": "city",
    "zip": "zip",
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _tiktok_create(self, company, pairs):
        """Make leads of one company's events.

        :param company: res.company
        :param list pairs: tiktok.event and `tiktok.lead.Lead`
        :return: crm.lead by tiktok.event; one that needs a row which is locked is left out
        :rtype: dict
        """
        made = self._tiktok_existing(company, [event.lead_uid for event, _lead in pairs])
        new, again = {}, []
        for event, lead in pairs:
            if event.lead_uid in made or event.lead_uid in new:
                again.append((event, lead))
            else:
                new[event.lead_uid] = (event, lead)
        if new:
            pairs_new = list(new.values())
            shared = self._tiktok_shared_values(company, [lead for _event, lead in pairs_new])
            vals_list = [self._tiktok_prepare(event, lead, shared) for event, lead in pairs_new]
            made.update(self._tiktok_settle(company, pairs_new, vals_list))
        # One that was noted on another lead, or merged into it, has nothing to add to that one.
        uid = "lead_uid"
        known = [(made[event[uid]], event, lead) for event, lead in again if event[uid] in made]
        same = [found for found in known if found[0].tiktok_lead_uid == found[1].lead_uid]
        blocked = self._tiktok_add_news(company, same)
        return {
            event: made[event[uid]]
            for event, _lead in pairs
            if event[uid] in made and event not in blocked
        }

    @api.model
    def _tiktok_existing(self, company, uids):
        """Find leads that are here already, also those merged or noted on another since.

        :return: crm.lead by TikTok's id
        :rtype: dict
        """
        mine = [("company_id", "=", company.id)]
        known = [*mine, ("lead_uid", "in", uids), ("lead_id", "!=", False)]
        events = self.env["tiktok.event"].search_fetch(known, ["lead_uid", "lead_id"])
        found = {event.lead_uid: event.lead_id for event in events}
        domain = [*mine, ("tiktok_lead_uid", "in", uids)]
        leads = self.with_context(active_test=False).search_fetch(domain, ["tiktok_lead_uid"])
        return found | {lead.tiktok_lead_uid: lead for lead in leads}

    @api.model
    def _tiktok_shared_values(self, company, leads):
        """Look up once for the whole batch what its leads share.

        :rtype: dict
        """
        self.env["tiktok.origin"]._learn(company, leads)
        forms = self.env["tiktok.form"]._of_leads(company, leads)
        self.env["tiktok.form.question"]._learn(forms, leads)
        team = self._tiktok_team(company, test=company._tiktok_assigns())
        test_team = team or self._tiktok_team(company, test=True)
        form_teams = {form.team_id.id for form in forms.values()}
        use_leads = self.env.user.has_group("crm.group_use_lead")
        return {
            "company": company,
            "forms": forms,
            "team": team,
            "test_team": test_team,
            # CRM would look for the first stage once for each lead.
            "stages": {
                team_id: self._stage_find(team_id=team_id, domain=[("fold", "=", False)]).id
                for team_id in {team.id, test_team.id} | form_teams
            },
            "test_tags": self.env.ref("tiktok_leadgen.crm_tag_test", False) or self.env["crm.tag"],
            "use_leads": use_leads,
            "source": self._tiktok_utm("utm.source", [SOURCE])[SOURCE],
            "mediums": self._tiktok_utm(
                "utm.medium", [MEDIUMS.get(lead.source, DEFAULT_MEDIUM) for lead in leads]
            ),
            "campaigns": self._tiktok_utm("utm.campaign", [lead.campaign_name for lead in leads]),
            "proofs": self.env["tiktok.proof"]._uids(company),
            "places": self.env["tiktok.place"]._lookup(company, leads),
            "mapped": self.env["tiktok.mapping"]._of_leads(company, forms, leads),
        }

    @api.model
    def _tiktok_prepare(self, event, lead, shared):
        """Return the values of one lead.

        :param event: tiktok.event
        :param lead: `tiktok.lead.Lead`
        :param dict shared: of `_tiktok_shared_values`
        :rtype: dict
        """
        is_test = lead.is_test or event.source == "test" or event.lead_uid in shared["proofs"]
        form = shared["forms"].get(lead.page_uid)
        # The team decides which properties there are: it must be the final one.
        team = shared["test_team"] if is_test else (form and form.team_id) or shared["team"]
        as_lead = shared["use_leads"] and (not team or team.use_leads)
        vals = self._tiktok_prepare_person(event, lead, shared["company"], shared["places"])
        vals.update(
            type="lead" if as_lead else "opportunity",
            team_id=team.id,
            stage_id=shared["stages"][team.id],
            tag_ids=[Command.set(shared["test_tags"].ids)] if is_test else False,
            tiktok_is_test=is_test,
            user_id=False,
            company_id=shared["company"].id,
            source_id=shared["source"],
            medium_id=shared["mediums"][MEDIUMS.get(lead.source, DEFAULT_MEDIUM)],
            campaign_id=shared["campaigns"].get(lead.campaign_name, False),
        )
        vals.update(self._tiktok_prepare_origin(event, lead, form))
        self.env["tiktok.mapping"]._complete(vals, lead, form, shared["mapped"])
        return vals

    @api.model
    def _tiktok_prepare_person(self, event, lead, company, places):
        """Return who it is and how to reach them.

        :param dict places: of `tiktok.place`
        :rtype: dict
        """
        country, state = places.get(id(lead), (None, None))
        vals = {
            name: self._tiktok_fitting(name, lead.answer(key)) for name, key in TEXT_FIELDS.items()
        }
        vals.update(
            name=lead.title or self.env._("TikTok lead %s", event.lead_uid),
            contact_name=lead.person or False,
            phone=self._tiktok_phone(lead.answer("phone_number"), country, company),
            country_id=country,
            state_id=state,
        )
        return vals

    @api.model
    def _tiktok_fits(self, name, text):
        """Tell whether a field takes a text: one with an index takes no more than a line.

        :param str name: of a field of crm.lead
        :rtype: bool
        """
        limit = self.env["tiktok.slot"]._field_limit(self._fields[name])
        return not limit or len(text) <= limit

    @api.model
    def _tiktok_fitting(self, name, text):
        return text if text and self._tiktok_fits(name, text) else False

    @api.model
    def _tiktok_prepare_origin(self, event, lead, form):
        vals = {
            f"tiktok_{what}_{part}": getattr(lead, f"{what}_{part}") or False
            for what in ("campaign", "adgroup", "ad")
            for part in ("uid", "name")
        }
        vals.update(
            tiktok_lead_uid=event.lead_uid,
            tiktok_event_id=event.id,
            tiktok_form_id=form.id if form else False,
            tiktok_advertiser_uid=lead.advertiser_uid or False,
            tiktok_submitted_at=self._tiktok_datetime(lead.submitted),
            tiktok_received_at=event.received_at,
            tiktok_answers="\n".join(
                filter(None, [self._tiktok_answers_text(lead), self._tiktok_names_text(lead)])
            ),
        )
        return vals

    @api.model
    def _tiktok_answers_text(self, lead):
        """Return one line for each question; line breaks and colons inside stay readable.

        :rtype: str
        """
        return "\n".join(
            f"{' '.join(answer.question.split()).replace(': ', ' ')}: "
            f"{' '.join(answer.text.split())}"
            for answer in lead.answers
        )

    @api.model
    def _tiktok_names_text(self, lead):
        """Return one line for each name that had to be shortened, with the whole of it.

        :rtype: str
        """
        return "\n".join(f"{name}: {whole}" for name, whole in lead.long_names.items())

    @api.model
    def _tiktok_datetime(self, seconds):
        if not seconds:
            return False
        moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        return moment.replace(tzinfo=None)

    @api.model
    def _tiktok_phone(self, number, country_id, company):
        """Return the number as E.164, or as it came if it can't be read.

        Then without * and #, also the wide ones: Odoo's own phone fields make a link of any text,
        and with them a phone carries out a command, such as forwarding all calls.

        :rtype: str | bool
        """
        if not number:
            return False
        country = self.env["res.country"].browse(country_id) if country_id else company.country_id
        return self._phone_format(number=number, country=country) or (
            _COMMAND_SIGNS.sub("", number).strip() or False
        )

    @api.model
    def _tiktok_team(self, company, test=False):
        """Return the team of new leads: the company's choice, else what CRM would take.

        With CRM's own rule-based assignment on, the team stays empty: CRM allocates it. A test
        gets one all the same, so that CRM does not.
        """
        if company.tiktok_team_id:
            return company.tiktok_team_id
        teams = self.env["crm.team"]
        if self._is_rule_based_assignment_activated() and not test:
            return teams
        domain = [("company_id", "in", [company.id, False]), ("use_opportunities", "=", True)]
        return teams.search(domain, limit=1)

    @api.model
    def _tiktok_utm(self, model_name, names):
        """Find utm records by their exact names, making those that are missing.

        utm.mixin's own search takes `_` and `%` of a name for wildcards, and its create renames
        what is there already.

        :return: id by name
        :rtype: dict
        """
        names = list(dict.fromkeys(filter(None, names)))
        records = self.env[model_name].sudo().with_context(active_test=False, lang=None)
        found = {r.name: r.id for r in records.search([("name", "in", names)])} if names else {}
        missing = [name for name in names if name not in found]
        created = records.create([self._tiktok_prepare_utm(records, name) for name in missing])
        found.update(zip(missing, created.ids, strict=True))
        return found

    @api.model
    def _tiktok_prepare_utm(self, records, name):
        vals = {"name": name}
        if "is_auto_campaign" in records._fields:
            vals.update(is_auto_campaign=True, is_tiktok=True)
        return vals
