import json
import re
import unicodedata

from odoo import api, fields, models
from odoo.tools import SQL

OTHER_DIGITS = r"\\u(066|06f|096|09e)"  # Arabic, Persian, Hindi and Bengali, escaped in JSON
LEAST_DIGITS = 7  # of a phone number, or too many others have them too


class TiktokEvent(models.Model):
    """Finding and erasing what is held of one person."""

    _inherit = "tiktok.event"

    @api.model
    def _find_person(self, email, phones, lead_ids):
        """Return what came of a person: by leads, and by what stands in the answers.

        :param str email: normalized
        :param list phones: E.164
        :param list lead_ids: of the person's leads
        :rtype: tiktok.event
        """
        digits = [number for number in (re.sub(r"\D", "", p) for p in phones) if number]
        tails = [number[-9:] for number in digits if len(number) >= LEAST_DIGITS]
        # As JSON in ASCII has them; digits of other scripts are compared afterwards.
        written = json.dumps(email)[1:-1]
        query = SQL(
            """SELECT id, lead_id IS NOT NULL AND lead_id = ANY(%(leads)s) FROM tiktok_event
                WHERE lead_id = ANY(%(leads)s) OR (raw IS NOT NULL AND kind != 'account' AND (
                      raw ILIKE ANY(%(emails)s) OR raw ~* %(digits)s
                      OR regexp_replace(raw, '[^0-9]', '', 'g') LIKE ANY(%(phones)s)))""",
            leads=list(lead_ids),
            emails=[f"%{self._escape(text)}%" for text in (email, written)],
            digits=OTHER_DIGITS,
            phones=[f"%{tail}%" for tail in tails],
        )
        self.flush_model()
        rows = self.env.execute_query(query)
        sure = self.browse([row[0] for row in rows if row[1]])
        maybe = self.browse([row[0] for row in rows if not row[1]])
        return sure | maybe.filtered(lambda event: event._is_of(email, tails))

    @api.model
    def _escape(self, text):
        return re.sub(r"([\\%_])", r"\\\1", text)

    def _is_of(self, email, tails):
        """Tell whether an answer is this e-mail or phone: digits of an id can look like one.

        :param list tails: the last digits of phone numbers
        :rtype: bool
        """
        self.ensure_one()
        try:
            lead = self._read_lead()
        except ValueError:
            lead = None
        if lead is None:  # what can't be read can't be told apart either
            return email.lower() in (self.raw or "").lower()
        for answer in lead.answers:
            digits = "".join(str(unicodedata.digit(c)) for c in answer.text if c.isdecimal())
            if email.lower() in answer.text.lower():
                return True
            if len(digits) <= 15 and digits.endswith(tuple(tails)) and tails:
                return True
        return False

    def _erase_person(self):
        """Remove all that tells who it was. The row stays: the lead must not come again."""
        self.note_id.sudo().unlink()
        now = fields.Datetime.now()
        empty = dict.fromkeys(("raw", "history", "error", "next_try_at"), False)
        self.filtered(lambda event: event.state not in ("done", "ignored")).write(
            {"state": "ignored", "done_at": now}
        )
        self.write({**empty, "reason": "erased", "scrubbed_at": now})

    def _drop_erased(self):
        """Close what comes again of leads that were erased, and forget it at once.

        :return: these events
        :rtype: tiktok.event
        """
        domain = [
            ("company_id", "=", self.company_id.id),
            ("lead_uid", "in", self.mapped("lead_uid")),
            ("reason", "=", "erased"),
            ("trust", "!=", "none"),  # who made up an id must not keep the real lead out
            ("id", "not in", self.ids),
        ]
        uids = {event.lead_uid for event in self.search_fetch(domain, ["lead_uid"])}
        erased = self.filtered(lambda event: event.lead_uid in uids)
        erased._erase_person()
        return erased
