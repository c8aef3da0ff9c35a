import json
import re
import unicodedata

from odoo import api, fields, models
from odoo.tools import SQL

OTHER_DIGITS = r"\\u(066|06f|096|09e)"  # Arabic, Persian, Hindi and Bengali, escaped in JSON
LEAST_DIGITS = 7  # of a phone number, or too many others have them too
MOST_DIGITS = 15  # E.164 has no longer number
EMAIL = re.compile(r"[^\s\"'<>()\[\],;:]+@[^\s\"'<>()\[\],;:]+")


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
        tails = self._phone_tails(phones)
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
        return sure | maybe.filtered(lambda event: event._match_person(email, phones))

    @api.model
    def _escape(self, text):
        return re.sub(r"([\\%_])", r"\\\1", text)

    @api.model
    def _phone_tails(self, phones):
        """Return the last digits of phone numbers: people leave out what comes before.

        :param list[str] phones: E.164
        :rtype: list[str]
        """
        digits = [re.sub(r"\D", "", phone) for phone in phones]
        return [number[-9:] for number in digits if len(number) >= LEAST_DIGITS]

    def _match_person(self, email, phones):
        """Tell by what the answers of an event name a person.

        :param str email: normalized
        :param list[str] phones: E.164
        :return: ``email``, ``phone``, ``mixed`` for a text that cannot be read and names other
            addresses too, or None
        :rtype: str | None
        """
        self.ensure_one()
        try:
            lead = self._read_lead()
        except ValueError:
            lead = None
        if lead is None:
            return self._match_unreadable(email)
        texts = [answer.text for answer in lead.answers]
        if any(email.lower() in self._find_emails(text) for text in texts):
            return "email"
        tails = tuple(self._phone_tails(phones))
        for text in texts if tails else ():
            digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())
            # The digits of an id can look like a phone number.
            if len(digits) <= MOST_DIGITS and digits.endswith(tails):
                return "phone"
        return None

    def _match_unreadable(self, email):
        addresses = self._find_emails(self.raw or "")
        mine = addresses & {email.lower(), json.dumps(email)[1:-1].lower()}
        if not mine:
            return None
        return "email" if addresses == mine else "mixed"

    @api.model
    def _find_emails(self, text):
        """Return the e-mail addresses of a text, whole: a part of one is another person's.

        :rtype: set[str]
        """
        return {found.strip(".\\").lower() for found in EMAIL.findall(text)}

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
