import itertools

from odoo import models
from odoo.tools import SQL

from ...tiktok import audience

_numbers = itertools.count()
KINDS = {
    "won": SQL("lead.won_status = 'won' AND lead.tiktok_lead_uid IS NOT NULL"),
    "customer": SQL("lead.won_status = 'won'"),
    "junk": SQL("lead.won_status = 'lost' AND lead.tiktok_lead_uid IS NOT NULL"),
}


class TiktokAudience(models.Model):
    """Who is in an audience.

    A person who objects to TikTok's ads, or did on a lead that is gone, or is on Odoo's blacklist
    by e-mail or phone, is in none.
    """

    _inherit = "tiktok.audience"

    def _iter_lines(self):
        """Yield the lines of all members, each person once.

        :return: lines of `audience.format_member`
        :rtype: Iterator[str]
        """
        self.ensure_one()
        company, previous = self.company_id.sudo(), None
        objections = self.env["tiktok.ads.objection"]
        known = objections._read_digests(company)
        for email, phone, consent in self._iter_members():
            if (email, phone) == previous or not company._tiktok_allows_reporting(consent):
                continue
            previous = (email, phone)
            if known and known & objections._get_digests(email, phone):
                continue
            line = audience.format_member(email, phone)
            if line:
                yield line

    def _iter_members(self):
        """Yield e-mail, phone and consent of each lead or contact, in the order of the first two.

        :return: tuples; a person with many leads comes as often
        :rtype: Iterator[tuple]
        """
        for name in ("crm.lead", "res.partner", "mail.blacklist", "phone.blacklist"):
            self.env[name].flush_model()
        # The transaction closes it; each has its own name, for one is read twice in a refresh.
        cursor = SQL.identifier(f"tiktok_audience_{next(_numbers)}")
        cr = self.env.cr
        cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", cursor, self._get_member_query()))
        rows = True
        while rows:
            cr.execute(SQL("FETCH 10000 FROM %s", cursor))
            rows = cr.fetchall()
            yield from rows

    def _get_member_query(self):
        """Return the query of all members: neither objections nor blacklists are among them.

        :rtype: SQL
        """
        return SQL(
            """WITH objection AS (
                    SELECT email_normalized AS email, phone_sanitized AS phone FROM crm_lead
                     WHERE tiktok_ads_objection
                       AND (company_id = %(company)s OR company_id IS NULL))
               SELECT email, phone, consent FROM (%(people)s) AS person
                WHERE (email IS NOT NULL OR phone IS NOT NULL)
                  AND NOT EXISTS (SELECT FROM objection WHERE objection.email = person.email)
                  AND NOT EXISTS (SELECT FROM objection WHERE objection.phone = person.phone)
                  AND NOT EXISTS (SELECT FROM mail_blacklist AS listed
                                   WHERE listed.active AND listed.email = person.email)
                  AND NOT EXISTS (SELECT FROM phone_blacklist AS listed
                                   WHERE listed.active AND listed.number = person.phone)
                ORDER BY email, phone""",
            company=self.company_id.id,
            people=self._get_people_query(),
        )

    def _get_people_query(self):
        """Return the query of the people that this kind of audience consists of.

        :rtype: SQL
        """
        reasons = SQL()
        if self.kind == "junk" and self.lost_reason_ids:
            reasons = SQL("AND lead.lost_reason_id = ANY(%s)", self.lost_reason_ids.ids)
        leads = SQL(
            """SELECT lead.email_normalized AS email, lead.phone_sanitized AS phone,
                      lead.tiktok_consent AS consent
                 FROM crm_lead AS lead
                 LEFT JOIN tiktok_form AS form ON form.id = lead.tiktok_form_id
                WHERE COALESCE(lead.company_id, form.company_id) = %s
                  AND lead.tiktok_is_test IS NOT TRUE AND %s %s""",
            self.company_id.id,
            KINDS[self.kind],
            reasons,
        )
        # Invoicing counts the orders of a contact.
        if self.kind != "customer" or "customer_rank" not in self.env["res.partner"]._fields:
            return leads
        return SQL(
            """%s UNION ALL
               SELECT email_normalized, phone_sanitized, NULL FROM res_partner
                WHERE customer_rank > 0 AND active
                  AND (company_id = %s OR company_id IS NULL)""",
            leads,
            self.company_id.id,
        )
