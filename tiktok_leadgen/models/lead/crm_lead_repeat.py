from dataclasses import replace

from markupsafe import Markup

from odoo import api, models

from ...answers_table import render_answers_table
from ...lead_values import RepeatSubmission, RepeatTarget, format_answers, split_answers
from ...reader_language import in_reader_language
from ...tiktok import payload
from ...tiktok.lead import Answer, EntityRef, ParsedLead
from ...tiktok.standard import find_standard_key
from ...tiktok.supplement import find_supplement
from ...tiktok.values import isolate, parse_moment

# What a later delivery never changes: who works on a lead, and which lead it is.
NOT_SUPPLEMENTED = {
    *("type", "team_id", "stage_id", "tag_ids", "user_id", "company_id", "source_id", "medium_id"),
    *("tiktok_lead_uid", "tiktok_event_id", "tiktok_received_at", "tiktok_is_test"),
    *("tiktok_answers", "name", "tiktok_phone_issue"),
}


class CrmLead(models.Model):
    """What happens when the same person submits again, or the same lead is delivered again.

    `_tiktok_find_repeats` decides that a lead is a repeat, by the keys of `tiktok.person`.
    """

    _inherit = "crm.lead"

    # Odoo's own is there only where the database has pg_trgm.
    _tiktok_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    # === LATER DELIVERIES OF A LEAD === #

    @api.model
    def _tiktok_supplement_leads(self, company, leads, deliveries):
        """Add to leads what a later delivery knows and the first did not.

        Only what is empty is filled, and only with what is new: what a user wrote or removed stays.
        A lead that was merged into another one adds nothing to that one.

        :param company: res.company
        :param dict leads: crm.lead by TikTok's ID
        :param list deliveries: tiktok.event and `tiktok.lead.ParsedLead`
        :return: the events whose lead another transaction holds: nothing was done with them
        :rtype: tiktok.event
        """
        found = []
        for event, parsed in deliveries:
            record = leads.get(event.lead_uid)
            if record and record.tiktok_lead_uid == event.lead_uid and not event.scrubbed_at:
                fresh = find_supplement(record._tiktok_as_parsed_lead(), parsed)
                found += [(record, event, fresh)] if fresh else []
        if not found:
            return self.env["tiktok.event"]
        free = self.browse({record.id for record, *_rest in found})
        free = free.try_lock_for_update(allow_referencing=True)
        unlocked = [(record, (event, fresh)) for record, event, fresh in found if record in free]
        resolved = self._tiktok_resolve_leads(company, [delivery for _record, delivery in unlocked])
        prepared = self._tiktok_prepare_batch(company, resolved)
        for (record, _delivery), each in zip(unlocked, prepared, strict=True):
            record._tiktok_write_supplement(each)
        blocked = (event for record, event, _fresh in found if record not in free)
        return self.env["tiktok.event"].union(*blocked)

    @api.ondelete(at_uninstall=False)
    def _tiktok_remember_deleted(self):
        """Keep what Odoo's own import created from coming again with TikTok's export."""
        self._tiktok_remember_imported(self.browse())

    def _tiktok_remember_imported(self, leads):
        """Store events of imported leads that have none, before they lose their IDs.

        They hold nothing but the ID: it keeps the lead from coming again.

        :param leads: crm.lead that are merged into this one
        """
        events = self.env["tiktok.event"].sudo()
        imported = (
            (self | leads)
            .sudo()
            .filtered(lambda lead: lead.tiktok_lead_uid and not lead.tiktok_event_ids)
        )
        for lead in imported:
            company_id = lead._tiktok_get_company().id
            key = payload.get_lead_key(lead.tiktok_lead_uid)
            if events.search_count([("company_id", "=", company_id), ("dedup_key", "=", key)]):
                continue
            events.create(
                {
                    "state": "done",
                    "kind": payload.KIND_LEAD,
                    "source": "backfill",
                    "verification": "person",
                    "company_id": company_id,
                    "dedup_key": key,
                    "lead_uid": lead.tiktok_lead_uid,
                    "lead_id": lead.id,
                    "done_at": events._read_clock(),
                }
            )

    def _tiktok_as_parsed_lead(self):
        """Return what a lead says of itself, as a delivery would.

        :rtype: ParsedLead
        """
        self.ensure_one()
        form, submitted_at = self.tiktok_form_id, self.tiktok_submitted_at
        # The webhook alone tells the name of the ad account and the library, and a lead has no
        # field for them: they are no reason to supplement it.
        return ParsedLead(
            uid=self.tiktok_lead_uid or "",
            page=EntityRef(form.page_uid or "", form.name or ""),
            advertiser=EntityRef(self.tiktok_advertiser_uid or "", "-"),
            library=EntityRef("-"),
            campaign=EntityRef(self.tiktok_campaign_uid or "", self.tiktok_campaign_name or ""),
            adgroup=EntityRef(self.tiktok_adgroup_uid or "", self.tiktok_adgroup_name or ""),
            ad=EntityRef(self.tiktok_ad_uid or "", self.tiktok_ad_name or ""),
            submitted=parse_moment(str(submitted_at)) if submitted_at else None,
            answers=tuple(
                Answer(question, (text,), find_standard_key(question))
                for question, text in split_answers(self.tiktok_answers)
            ),
        )

    def _tiktok_write_supplement(self, supplement):
        """Write the values of a later delivery where the lead has none yet.

        :param LeadValues supplement: with nothing but what is new
        """
        self.ensure_one()
        found = {
            name: value
            for name, value in supplement.values.items()
            if name not in NOT_SUPPLEMENTED and value and not self[name]
        }
        known = {text for _question, text in split_answers(self.tiktok_answers)}
        parsed = supplement.lead.parsed
        new = tuple(each for each in parsed.answers if " ".join(each.text.split()) not in known)
        if new:
            lines = [self.tiktok_answers, format_answers(new)]
            found["tiktok_answers"] = "\n".join(filter(None, lines))
        is_unnamed = self.name == self.env._("TikTok lead %s", self.tiktok_lead_uid)
        if is_unnamed and replace(parsed, answers=new).title:
            found["name"] = supplement.values["name"]
        if found:
            self.with_context(tracking_disable=True, mail_notrack=True).write(found)

    # === WHICH LEAD A SUBMISSION REPEATS === #

    @api.model
    def _tiktok_find_repeats(self, company, prepared):
        """Decide for each submission whether it is noted on an earlier lead.

        A submission that an export recovers late does not reopen a lead that was lost since.

        :param company: res.company
        :param list[LeadValues] prepared: of one batch
        :return: the same with their targets
        :rtype: list[LeadValues]
        """
        policies = [
            each.lead.form.repeat_policy or company.tiktok_repeat_policy for each in prepared
        ]
        if all(policy == "new" for policy in policies):
            return prepared
        person = self.env["tiktok.person"]
        keys_list = person._find_person_keys(company, [each.values for each in prepared])
        found = person._find_repeated_leads(company, set().union(*keys_list))
        seen, targeted = {}, []
        for number, (each, keys) in enumerate(zip(prepared, keys_list, strict=True)):
            target = None
            if not each.lead.is_test:
                if policies[number] != "new":
                    reopen = policies[number] == "reopen" and not each.lead.event._is_late()
                    target = self._tiktok_choose_target(reopen, keys, found, seen)
                seen.update(dict.fromkeys(keys, target or RepeatTarget("batch", number)))
            targeted.append(replace(each, target=target))
        return targeted

    @api.model
    def _tiktok_choose_target(self, reopen, keys, found, seen):
        """Choose the lead on which a submission is noted.

        :param bool reopen: whether it may be a lost one
        :param set keys: of the person
        :param dict found: of `_find_repeated_leads`
        :param dict seen: targets of earlier submissions of the batch, by key
        :rtype: RepeatTarget | None
        """
        earlier = [seen[key] for key in keys if key in seen]
        if earlier:
            target = max(earlier, key=lambda target: (target.kind == "batch", target.number))
            if target.kind == "batch":
                return target
            return RepeatTarget("open", target.number)  # reopened by now
        matches = [found[key] for key in keys if key in found]
        opened = max((ids[0] for ids in matches if ids[0]), default=None)
        lost = max((ids[1] for ids in matches if ids[1]), default=None)
        if opened:
            return RepeatTarget("open", opened)
        return RepeatTarget("lost", lost) if lost and reopen else None

    # === WRITING THE REPEAT SUBMISSION === #

    @api.model
    def _tiktok_merge_repeats(self, company, unlocked, created):
        """Note repeat submissions on their leads.

        :param company: res.company
        :param dict[int, LeadValues] unlocked: by position
        :param dict created: crm.lead by position, for those that got a lead of their own
        :return: crm.lead by TikTok's ID, of all
        :rtype: dict
        """
        leads, repeats = {}, []
        for number, each in unlocked.items():
            event, target = each.lead.event, each.target
            if target is None:
                leads[event.lead_uid] = created[number]
                continue
            is_new = target.kind == "batch"
            lead = created[target.number] if is_new else self.browse(target.number)
            leads[event.lead_uid] = lead
            event.form_id = each.lead.form
            reason = "reopened" if target.kind == "lost" else "noted"
            repeats.append(RepeatSubmission(event, each.lead.parsed, lead, reason))
        if repeats:
            self._tiktok_note_repeats(company, repeats)
        return leads

    @api.model
    def _tiktok_note_repeats(self, company, repeats):
        """Write submissions on their leads, and what became of them on their events.

        :param company: res.company
        :param list[RepeatSubmission] repeats: in the order in which they came
        """
        reopened = self.browse({r.lead.id for r in repeats if r.reason == "reopened"})
        if reopened:
            reopened.action_restore()
        waiting = repeats
        while waiting:  # once, unless a person is in the batch twice
            now = {repeat.lead: repeat for repeat in reversed(waiting)}
            bodies = {lead.id: self._tiktok_format_repeat_note(r) for lead, r in now.items()}
            notes = self.browse(bodies)._message_log_batch(bodies)
            for note in notes:
                now[self.browse(note.res_id)].event.note_id = note
            waiting = [repeat for repeat in waiting if repeat not in now.values()]
        for repeat in repeats:
            repeat.event.reason = repeat.reason
            repeat.event._add_to_history(self._tiktok_format_repeat_history(repeat))
        self._tiktok_store_last_touch(company, repeats)
        self.env["tiktok.event"].flush_model()
        noted = self.browse({repeat.lead.id for repeat in repeats})
        self.env["tiktok.lead.owner"]._replace_missing_owners(noted, company)
        urgent = {repeat.lead.id for repeat in repeats if not repeat.event._is_late()}
        self.env["tiktok.lead.notification"]._schedule_repeat_calls(self.browse(urgent), company)

    @api.model
    def _tiktok_format_repeat_history(self, repeat):
        """Return what became of a repeat submission, for the history of its event.

        :param RepeatSubmission repeat: that is noted
        :rtype: str
        """
        env = in_reader_language(repeat.event).env
        if repeat.reason == "reopened":
            return env._("Repeat submission: lead %s was reopened.", repeat.lead.id)
        return env._("Repeat submission: noted on lead %s.", repeat.lead.id)

    @api.model
    def _tiktok_format_repeat_note(self, repeat):
        """Return the note with the answers of a repeat submission.

        :param RepeatSubmission repeat: to be noted
        :rtype: Markup
        """
        parsed = repeat.parsed
        pairs = [(answer.question, answer.text) for answer in parsed.answers]
        form = repeat.event.form_id.name or parsed.page.name
        env = in_reader_language(repeat.lead).env
        title = env._("Repeat submission of a TikTok form: %s", isolate(form or "TikTok"))
        names = (entity.name for entity in parsed.ad_entities.values())
        path = " → ".join(filter(None, names))
        return Markup("<p>%s</p><p>%s</p>%s") % (title, path, render_answers_table(env, pairs))

    @api.model
    def _tiktok_store_last_touch(self, company, repeats):
        """Store on each lead which submission of its person came last, and by which campaign.

        :param company: res.company
        :param list[RepeatSubmission] repeats: in the order in which they came
        """
        uids = {repeat.parsed.campaign.uid for repeat in repeats}
        campaigns = self.env["tiktok.ad.entity"].search_fetch(
            [("company_id", "=", company.id), ("kind", "=", "campaign"), ("uid", "in", list(uids))],
            ["uid"],
        )
        by_uid = {campaign.uid: campaign.id for campaign in campaigns}
        for repeat in repeats:
            values = {
                "tiktok_repeat_at": repeat.event.received_at,
                "tiktok_repeat_form_id": repeat.event.form_id.id,
                "tiktok_repeat_campaign_id": by_uid.get(repeat.parsed.campaign.uid, False),
            }
            repeat.lead.with_context(tracking_disable=True, mail_notrack=True).write(values)

    # === THE PHONE NUMBER BY WHICH A PERSON IS RECOGNIZED === #

    @api.model
    def _phone_get_sanitize_triggers(self):
        return [*super()._phone_get_sanitize_triggers(), "tiktok_phone_issue"]

    def _compute_phone_sanitized(self):
        """Read no number where it could be one of several: people are recognized by it."""
        unsure = self.filtered("tiktok_phone_issue")
        unsure.phone_sanitized = False
        return super(CrmLead, self - unsure)._compute_phone_sanitized()

    def _compute_phone_state(self):
        """Take the state of a number with its country's code from the number that CRM made of it.

        CRM would parse it a second time.
        """
        known = self.filtered(
            lambda lead: (
                lead.tiktok_lead_uid
                and lead.phone
                and lead.phone.startswith("+")
                and not lead.tiktok_phone_issue
            )
        )
        for lead in known:
            lead.phone_state = "correct" if lead.phone_sanitized else "incorrect"
        return super(CrmLead, self - known)._compute_phone_state()
