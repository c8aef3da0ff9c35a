from odoo import api, models

from ..tiktok import lead as tiktok_lead
from ..tiktok import values
from ..tiktok.news import ORIGIN, news
from ..tiktok.standard import standard_key

# What a second delivery never changes: who works on a lead, and which lead it is.
SETTLED = {
    *("type", "team_id", "stage_id", "tag_ids", "user_id", "company_id", "source_id", "medium_id"),
    *("tiktok_lead_uid", "tiktok_event_id", "tiktok_received_at", "tiktok_is_test"),
    *("tiktok_answers", "name"),
}


class CrmLead(models.Model):
    """The same lead comes by webhook and by TikTok's export: what the second knows is added."""

    _inherit = "crm.lead"

    def _tiktok_known(self):
        """Return what a lead says of itself, as a delivery would.

        :rtype: tiktok.lead.Lead
        """
        self.ensure_one()
        known = tiktok_lead.Lead(uid=self.tiktok_lead_uid, answers=self._tiktok_known_answers())
        for name in ORIGIN:
            setattr(known, name, self._fields.get(f"tiktok_{name}") and self[f"tiktok_{name}"])
        form = self.tiktok_form_id
        known.page_uid, known.page_name = form.page_uid, form.name
        # The webhook alone tells these two, and a lead has no place for them.
        known.advertiser_name = known.library_uid = "-"
        moment = self.tiktok_submitted_at
        known.submitted = moment and values.moment(str(moment))
        return known

    def _tiktok_known_answers(self):
        lines = [line.split(": ", 1) for line in (self.tiktok_answers or "").splitlines()]
        return [
            tiktok_lead.Answer(question, [text], standard_key(question))
            for question, text in (line for line in lines if len(line) == 2)
        ]

    @api.model
    def _tiktok_add_news(self, company, deliveries):
        """Add to leads what a later delivery knows and the first did not.

        Only what is empty is filled, and only with what is new: what a person wrote or removed
        stays as it is.

        :param company: res.company
        :param list deliveries: crm.lead, tiktok.event and `tiktok.lead.Lead`
        :return: the events whose lead another transaction holds: nothing was done with them
        :rtype: tiktok.event
        """
        blocked = self.env["tiktok.event"]
        found = []
        for record, event, lead in deliveries:
            fresh = None if event.scrubbed_at else news(record._tiktok_known(), lead)
            if fresh:
                found.append((record, event, fresh))
        if not found:
            return blocked
        free = self.browse({record.id for record, *_rest in found})
        free = free.try_lock_for_update(allow_referencing=True)
        blocked = blocked.union(*(event for record, event, _fresh in found if record not in free))
        found = [each for each in found if each[0] in free]
        shared = self._tiktok_shared_values(company, [fresh for _record, _event, fresh in found])
        for record, event, fresh in found:
            record._tiktok_fill(self._tiktok_prepare(event, fresh, shared), fresh)
        return blocked

    def _tiktok_fill(self, vals, fresh):
        """Write the values of a later delivery where nothing stands yet.

        :param dict vals: of `_tiktok_prepare`
        :param fresh: `tiktok.lead.Lead` with nothing but what is new
        """
        self.ensure_one()
        found = {
            name: value
            for name, value in vals.items()
            if name not in SETTLED and value and not self[name]
        }
        known = {answer.text for answer in self._tiktok_known_answers()}
        fresh.answers = [a for a in fresh.answers if " ".join(a.text.split()) not in known]
        if fresh.answers:
            lines = [self.tiktok_answers, self._tiktok_answers_text(fresh)]
            found["tiktok_answers"] = "\n".join(filter(None, lines))
        if fresh.title and self.name == self.env._("TikTok lead %s", self.tiktok_lead_uid):
            found["name"] = vals["name"]
        if found:
            self.with_context(tracking_disable=True, mail_notrack=True).write(found)
