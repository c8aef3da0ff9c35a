from odoo import fields, models

from ..answer_tags import delete_unused_tags
from ..person_lookup import match_person_event
from .privacy_lookup_wizard import EVENT, LEAD

SURE = ("email", "contact", "lead")


class PrivacyLookupWizardLine(models.TransientModel):
    """Only what the user selects is erased, and its event stays: the lead must not come again.

    People share phones, and some have one name: what was found by these alone is not selected.
    """

    _inherit = "privacy.lookup.wizard.line"

    tiktok_match = fields.Selection(
        [
            ("email", "E-mail"),
            ("contact", "Contact"),
            ("lead", "Lead"),
            ("phone", "Phone only"),
            ("name", "Name only"),
            ("mixed", "Text with other e-mails"),
            ("other", "Linked record"),
        ],
        "Found by",
        readonly=True,
    )
    tiktok_selected = fields.Boolean(
        "Select", help="Included in the download, and erased with the others."
    )

    # === MATCHING === #

    def _tiktok_match_lines(self):
        """Say by what each lead and event was found, and select those that are surely meant."""
        for wizard, lines in self.grouped("wizard_id").items():
            leads, events = (
                lines._tiktok_find_line_records(LEAD),
                lines._tiktok_find_line_records(EVENT),
            )
            email, phones = wizard._tiktok_read_identity()
            matches = {
                (LEAD, lead.id): self._tiktok_match_lead(lead, wizard, email, phones)
                for lead in leads
            }
            sure = leads.filtered(lambda lead, found=matches: found[LEAD, lead.id] in SURE)
            for event in events:
                matches[EVENT, event.id] = self._tiktok_match_event(event, sure, email, phones)
            for line in lines:
                match = matches.get((line.res_model, line.res_id), False)
                line.write({"tiktok_match": match, "tiktok_selected": match in SURE})

    def _tiktok_match_lead(self, lead, wizard, email, phones):
        """Return by what a lead was found.

        :param lead: crm.lead
        :param wizard: privacy.lookup.wizard
        :param str email: normalized
        :param list[str] phones: E.164
        :rtype: str
        """
        if lead == wizard.tiktok_lead_id:
            return "lead"
        if lead.email_normalized == email:
            return "email"
        if not lead.email_normalized and lead.partner_id.email_normalized == email:
            return "contact"
        if lead.phone_sanitized in phones:
            return "phone"
        name = wizard.name.strip().lower()
        return "name" if name in (lead.name or "").lower() else "other"

    def _tiktok_match_event(self, event, leads, email, phones):
        """Return by what an event was found.

        :param event: tiktok.event
        :param leads: crm.lead that are surely of the person
        :param str email: normalized
        :param list[str] phones: E.164
        :rtype: str
        """
        match = match_person_event(event, email, phones)
        if match == "email":
            return match
        made = event.lead_id in leads and event.lead_uid == event.lead_id.tiktok_lead_uid
        return "lead" if made else match or "other"

    def _tiktok_find_line_records(self, model):
        """Return the leads or events of these lines that are still there.

        :param str model: one of ``LEAD`` and ``EVENT``
        :rtype: crm.lead | tiktok.event
        """
        lines = self.filtered(lambda line: line.res_model == model and not line.is_unlinked)
        records = self.env[model].sudo().with_context(active_test=False)
        records = records.browse(lines.mapped("res_id")).exists()
        if model == LEAD:
            records = records.filtered(lambda lead: lead.tiktok_lead_uid or lead.tiktok_event_ids)
        return records

    def _tiktok_find_unselected_events(self, lead):
        """Return the events of a lead that were found, but not selected: they are of others.

        The event that made the lead is never among them.

        :param lead: crm.lead
        :rtype: tiktok.event
        """
        listed = self.wizard_id.line_ids
        unselected = listed.filtered(lambda line: not line.tiktok_selected) - self
        return unselected._tiktok_find_line_records(EVENT).filtered(
            lambda event: event.lead_id == lead and event.lead_uid != lead.tiktok_lead_uid
        )

    # === ACTION METHODS === #

    def action_unlink(self):
        """Erase an event instead of deleting it, and with a lead what TikTok sent of it.

        :return: what Odoo returns; None for an event
        """
        self.ensure_one()
        self.check_access("write")
        if self.res_model == EVENT and not self.is_unlinked:
            self._tiktok_erase_lines()
            return None
        if self.res_model == LEAD and not self.is_unlinked:
            events = self.env[EVENT].sudo().search([("lead_id", "=", self.res_id)])
            events -= self._tiktok_find_unselected_events(events.lead_id)
            self.env["tiktok.privacy"]._erase_events(events)
            lead = self.env[LEAD].sudo().browse(self.res_id).exists()
            self.env["tiktok.privacy"]._remember_erased_leads(lead)
            tags = lead.tag_ids
            result = super().action_unlink()
            delete_unused_tags(tags)
            return result
        return super().action_unlink()

    def action_tiktok_erase(self):
        """Erase what is selected, as far as it came from TikTok."""
        self._tiktok_erase_lines()

    def _tiktok_erase_lines(self):
        """Erase the leads and events of these lines."""
        self.check_access("write")
        for line in self.filtered(lambda line: not line.is_unlinked):
            record = self.env[line.res_model].sudo().browse(line.res_id).exists()
            if line.res_model == EVENT:
                record.env["tiktok.privacy"]._erase_events(record)
            elif line.res_model == LEAD and (record.tiktok_lead_uid or record.tiktok_event_ids):
                privacy = record.env["tiktok.privacy"]
                privacy._erase_leads(record, self._tiktok_find_unselected_events(record))
            else:
                continue
            said = self.env._("Erased"), line.res_model_id.name, line.res_id
            line.execution_details = "{} {} #{}".format(*said)
            line.is_unlinked = line.res_model == EVENT
