import re
import typing

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from .answers_table import answers_table
from .crm_lead_tiktok import CREATE_CONTEXT

E164 = re.compile(r"\+\d{7,15}")
# One key of a person, and the column of crm.lead that has it.
COLUMNS = {"email": "email_normalized", "phone": "phone_sanitized", "partner": "partner_id"}


class Repeat(typing.NamedTuple):
    """A submission that becomes no lead of its own."""

    event: models.BaseModel
    answers: typing.Any  # `tiktok.lead.Lead`
    lead: models.BaseModel
    reason: str


class CrmLead(models.Model):
    """What happens when the same person submits a form again."""

    _inherit = "crm.lead"

    # Odoo's own is there only where the database has pg_trgm.
    _tiktok_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    # === WHO IT IS === #

    def _tiktok_same_person(self):
        """Return the domain of this person's leads, by e-mail, phone and known contact.

        :rtype: Domain
        """
        self.ensure_one()
        keys = Domain.OR(
            Domain(name, "=", self[name])
            for name in ("email_normalized", "phone_sanitized")
            if self[name]
        )
        partners = self.partner_id
        if not keys.is_false():
            known = Domain("company_id", "in", [self.company_id.id, False])
            partners |= self.env["res.partner"].search(keys & known, limit=20)
        return keys | Domain("partner_id", "in", partners.ids)

    @api.model
    def _tiktok_person_keys(self, company, vals_list):
        """Return by what each person is known: e-mail, phone, and contacts that have them.

        :return: sets of pairs like ("email", "ana@example.com"), one for each values
        :rtype: list
        """
        keys = []
        for vals in vals_list:
            email, phone = email_normalize(vals.get("email_from") or ""), vals.get("phone") or ""
            found = {("email", email)} if email else set()
            keys.append(found | {("phone", phone)} if E164.fullmatch(phone) else found)
        by_key = self._tiktok_partners(company, set().union(*keys))
        return [own.union(*(by_key.get(key, ()) for key in own)) for own in keys]

    @api.model
    def _tiktok_partners(self, company, keys):
        values = {kind: [value for k, value in keys if k == kind] for kind in ("email", "phone")}
        domain = Domain("company_id", "in", [company.id, False]) & (
            Domain("email_normalized", "in", values["email"])
            | Domain("phone_sanitized", "in", values["phone"])
        )
        names = ["email_normalized", "phone_sanitized"]
        by_key = {}
        for partner in self.env["res.partner"].search_fetch(domain, names):
            for key in (("email", partner.email_normalized), ("phone", partner.phone_sanitized)):
                by_key.setdefault(key, set()).add(("partner", partner.id))
        return by_key

    @api.model
    def _tiktok_find_repeated(self, company, keys):
        """Find the last open and the last lost lead by each key, all in one query.

        Tests never count. A lead that got a contact has no company any more; its form has. One
        without either is of all companies.

        :param set keys: of `_tiktok_person_keys`
        :return: ids of the open and of the lost lead, or None, by key
        :rtype: dict
        """
        self.flush_model()
        parts = [
            SQL(
                """SELECT %(kind)s AS kind, %(column)s::varchar AS value,
                          max(lead.id) FILTER (WHERE lead.active AND won_status = 'pending'),
                          max(lead.id) FILTER (WHERE NOT lead.active AND won_status = 'lost')
                     FROM crm_lead lead
                     LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
                    WHERE %(column)s = ANY(%(values)s) AND tiktok_is_test IS NOT TRUE
                      AND COALESCE(lead.company_id, form.company_id, %(company)s) = %(company)s
                    GROUP BY %(column)s""",
                kind=kind,
                column=SQL.identifier("lead", column),
                company=company.id,
                values=[value for k, value in keys if k == kind],
            )
            for kind, column in COLUMNS.items()
            if any(k == kind for k, _value in keys)
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts)) if parts else []
        return {
            (kind, int(value) if kind == "partner" else value): (opened, lost)
            for kind, value, opened, lost in rows
        }

    # === WHAT BECOMES OF IT === #

    @api.model
    def _tiktok_settle(self, company, pairs, vals_list):
        """Make a lead of each submission, unless the policy wants it on an earlier lead.

        :param company: res.company
        :param list pairs: tiktok.event and `tiktok.lead.Lead`
        :param list vals_list: the values of a new lead, one for each pair
        :return: crm.lead by TikTok's id; one that needs a row which is locked is left out
        :rtype: dict
        """
        targets = self._tiktok_targets(company, pairs, vals_list)
        own = [number for number, target in enumerate(targets) if target is None]
        self._tiktok_assign_values(company, [vals_list[number] for number in own])
        blocked = self._tiktok_find_blocked(vals_list, targets)
        own = [number for number in own if number not in blocked]
        leads = self.with_context(**CREATE_CONTEXT).create([vals_list[number] for number in own])
        leads.with_env(self.env)._tiktok_arrived()
        by_number = dict(zip(own, leads, strict=True))
        repeats = []
        for number, target in enumerate(targets):
            if target is not None and number not in blocked:
                kind, value = target
                lead = by_number[value] if kind == "batch" else self.browse(value)
                by_number[number] = lead
                event, answers = pairs[number]
                event.form_id = vals_list[number]["tiktok_form_id"]
                reason = "reopened" if kind == "lost" else "noted"
                repeats.append(Repeat(event, answers, lead, reason))
        self._tiktok_note_repeats(company, repeats)
        return {
            event.lead_uid: by_number[number]
            for number, (event, _answers) in enumerate(pairs)
            if number not in blocked
        }

    @api.model
    def _tiktok_targets(self, company, pairs, vals_list):
        """Say for each submission on which lead it goes; an old one reopens none lost since.

        :return: None for a lead of its own, else a pair: "batch" and the number of the submission
            that makes the lead, or "open" or "lost" and the lead's id
        :rtype: list
        """
        forms = self.env["tiktok.form"].browse(v["tiktok_form_id"] for v in vals_list)
        policies = [form.repeat_policy or company.tiktok_repeat_policy for form in forms]
        if all(policy == "new" for policy in policies):
            return [None] * len(vals_list)
        keys = self._tiktok_person_keys(company, vals_list)
        found = self._tiktok_find_repeated(company, set().union(*keys))
        seen, targets = {}, []
        for number, (vals, policy) in enumerate(zip(vals_list, policies, strict=True)):
            target = None
            if not vals["tiktok_is_test"]:
                if policy != "new":
                    reopen = policy == "reopen" and not pairs[number][0]._is_late()
                    target = self._tiktok_target(reopen, keys[number], found, seen)
                seen.update(dict.fromkeys(keys[number], target or ("batch", number)))
            targets.append(target)
        return targets

    @api.model
    def _tiktok_target(self, reopen, keys, found, seen):
        earlier = [seen[key] for key in keys if key in seen]
        if earlier:
            kind, value = max(earlier, key=lambda target: (target[0] == "batch", target[1]))
            return ("batch", value) if kind == "batch" else ("open", value)  # reopened by now
        matches = [found[key] for key in keys if key in found]
        opened = max((ids[0] for ids in matches if ids[0]), default=None)
        lost = max((ids[1] for ids in matches if ids[1]), default=None)
        if opened:
            return ("open", opened)
        return ("lost", lost) if lost and reopen else None

    # === WRITING IT DOWN === #

    @api.model
    def _tiktok_note_repeats(self, company, repeats):
        """Write these submissions on their leads, and what became of them on their events.

        :param company: res.company
        :param list repeats: `Repeat`
        """
        if not repeats:
            return
        reopened = self.browse({r.lead.id for r in repeats if r.reason == "reopened"})
        if reopened:
            reopened.action_restore()
        waiting = repeats
        while waiting:  # once, unless a person is in the batch twice
            now = {repeat.lead: repeat for repeat in reversed(waiting)}
            bodies = {lead.id: self._tiktok_repeat_body(r) for lead, r in now.items()}
            notes = self.browse(bodies)._message_log_batch(bodies)
            for note in notes:
                now[self.browse(note.res_id)].event.note_id = note
            waiting = [repeat for repeat in waiting if repeat not in now.values()]
        for event, _answers, lead, reason in repeats:
            event.reason = reason
            event._note(self._tiktok_repeat_sentence(lead, reason))
        self._tiktok_remember_repeats(company, repeats)
        self.env["tiktok.event"].flush_model()
        self.browse({repeat.lead.id for repeat in repeats})._tiktok_replace_owner(company)
        urgent = {repeat.lead.id for repeat in repeats if not repeat.event._is_late()}
        self.browse(urgent)._tiktok_call_again(company)

    @api.model
    def _tiktok_repeat_sentence(self, lead, reason):
        if reason == "reopened":
            return self.env._("The same person again: lead %s was reopened.", lead.id)
        return self.env._("The same person again: noted on lead %s.", lead.id)

    @api.model
    def _tiktok_repeat_body(self, repeat):
        answers = repeat.answers
        told = [(answer.question, answer.text) for answer in answers.answers]
        form = repeat.event.form_id.name or answers.page_name
        said = self.env._("The same person submitted a TikTok form again: %s", form or "TikTok")
        ways = (answers.campaign_name, answers.adgroup_name, answers.ad_name)
        way = " → ".join(filter(None, ways))
        return Markup("<p>%s</p><p>%s</p>%s") % (said, way, answers_table(self.env, told))
