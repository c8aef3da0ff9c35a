import collections
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, hmac

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock

from ..disposable_email import is_disposable

REASONS = [
    ("phone", "Impossible phone number"),
    ("email", "Impossible email"),
    ("disposable", "Disposable email"),
    ("name", "The name is no name"),
    ("repeat", "Too many submissions in a few minutes"),
    ("junk_before", "Marked as junk before"),
]
REPEAT_PAUSE = timedelta(minutes=10)
REPEAT_LEADS = 3  # of one person within that time
TIME_FIELDS = ("email_normalized", "phone_sanitized", "tiktok_submitted_at", "create_date")
MOST_EARLIER = 1_000  # leads of the persons of one batch that are looked at
UPSERT = """
    INSERT INTO tiktok_lead_check (company_id, digest, is_junk, user_id, decided_at) VALUES %s
        ON CONFLICT (company_id, digest) DO UPDATE
       SET is_junk = EXCLUDED.is_junk, user_id = EXCLUDED.user_id, decided_at = EXCLUDED.decided_at
"""
_ADDRESS = re.compile(r"https?:|www\.|@|\.(?:com|net|org|ru)\b", re.IGNORECASE)


class TiktokLeadCheck(models.Model):
    """What a person decided about a phone number or an e-mail address, and the tests for junk.

    The address itself is not stored: a later one is recognized by its digest.
    """

    _name = "tiktok.lead.check"
    _description = "TikTok Lead Check"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    digest = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    is_junk = fields.Boolean("Junk", readonly=True)
    user_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)

    _digest_uniq = models.Constraint(
        "UNIQUE(company_id, digest)", "There is a decision about this person already."
    )

    # === DECISIONS === #

    @api.model
    def _store_decision(self, leads, is_junk):
        """Remember a decision for the phone number and the e-mail address of each lead.

        :param leads: crm.lead
        :param bool is_junk: what the current user decided
        """
        decided_at, checks = read_transaction_clock(self.env), self.sudo()
        checks.flush_model()
        for company, of_company in leads.grouped(lambda lead: lead._tiktok_get_company()).items():
            digests = set().union(
                *(self._get_digests(lead.email_from, lead.phone) for lead in of_company)
            )
            rows = SQL(", ").join(
                SQL("(%s, %s, %s, %s, %s)", company.id, digest, is_junk, self.env.uid, decided_at)
                for digest in sorted(digests)
            )
            if company and digests:
                # Two users may decide at the same time.
                self.env.cr.execute(SQL(UPSERT, rows))
        checks.invalidate_model()

    @api.model
    def _get_digests(self, email, phone):
        """Return the digests by which a person is recognized.

        :param str email: as it was answered, or False
        :param str phone: E.164, or as it was answered, or False
        :rtype: set[str]
        """
        address = email_normalize(email or "") or (email or "").strip().casefold()
        number = "".join(filter(str.isalnum, phone or ""))
        parts = {("email", address), ("phone", number)}
        return {
            hmac(self.env(su=True), "tiktok-lead-check", f"{kind}:{value}")
            for kind, value in parts
            if value
        }

    @api.model
    def _read_decisions(self, company, digests):
        """Return what was decided before.

        :param company: res.company
        :param set[str] digests: of persons
        :return: whether it is junk, by digest
        :rtype: dict[str, bool]
        """
        found = self.sudo().search_fetch(
            [("company_id", "=", company.id), ("digest", "in", [*digests])], ["digest", "is_junk"]
        )
        return {check.digest: check.is_junk for check in found}

    # === LIKELY JUNK === #

    @api.model
    def _hold_likely_junk(self, company, vals_list):
        """Mark the leads that a person checks first, and return the others.

        :param company: res.company
        :param list[dict] vals_list: of new leads that are no tests; changed in place
        :return: values of the leads that get a salesperson
        :rtype: list[dict]
        """
        if not company.tiktok_check_junk or not vals_list:
            return vals_list
        digests = [self._get_digests(v.get("email_from"), v.get("phone")) for v in vals_list]
        decisions = self._read_decisions(company, set().union(*digests))
        moments = self._find_submission_times(company, vals_list)
        passed = []
        for vals, own in zip(vals_list, digests, strict=True):
            known = {decisions[digest] for digest in own if digest in decisions}
            reason = "junk_before" if True in known else None
            if not known:
                reason = self._find_reason(vals) or self._find_repeat(vals, moments)
            if reason:
                vals["tiktok_check_reason"] = reason
            else:
                passed.append(vals)
        return passed

    @api.model
    def _find_reason(self, vals):
        """Return why a lead is likely junk, by its own values.

        :param dict vals: of the lead
        :return: a key of `REASONS`, None if nothing is wrong
        :rtype: str | None
        """
        if vals.get("tiktok_phone_issue") == "number":
            return "phone"
        notes = vals.get("tiktok_mapping_notes") or ()
        if any(note[1] == "not_an_email" for note in notes):
            return "email"
        if is_disposable(email_normalize(vals.get("email_from") or "")):
            return "disposable"
        return None if is_name(vals.get("contact_name") or "") else "name"

    @api.model
    def _find_repeat(self, vals, moments):
        """Tell whether a person submits too fast, and add this submission.

        What an export or a file brings was submitted earlier than it came.

        :param dict vals: of the lead
        :param dict moments: of `_find_submission_times`; changed in place
        :return: a key of `REASONS`, None if nothing is wrong
        :rtype: str | None
        """
        keys = [
            ("email", email_normalize(vals.get("email_from") or "")),
            ("phone", vals.get("phone")),
        ]
        moment, is_repeat = self._get_submission_time(vals), False
        for key in keys:
            if key[1]:
                moments[key].append(moment)
                near = sum(abs(moment - other) <= REPEAT_PAUSE for other in moments[key])
                is_repeat = is_repeat or near >= REPEAT_LEADS
        return "repeat" if is_repeat else None

    @api.model
    def _get_submission_time(self, vals):
        return vals.get("tiktok_submitted_at") or read_transaction_clock(self.env)

    @api.model
    def _find_submission_times(self, company, vals_list):
        """Find when some persons submitted earlier leads, in one query for each kind of key.

        :param company: res.company
        :param list[dict] vals_list: of the persons
        :return: times in UTC by kind and value
        :rtype: collections.defaultdict[tuple, list]
        """
        times = [self._get_submission_time(vals) for vals in vals_list]
        near = Domain("tiktok_submitted_at", ">=", min(times) - REPEAT_PAUSE)
        near &= Domain("tiktok_submitted_at", "<=", max(times) + REPEAT_PAUSE)
        # A relay may leave the time out.
        since = read_transaction_clock(self.env) - REPEAT_PAUSE
        near |= Domain("tiktok_submitted_at", "=", False) & Domain("create_date", ">=", since)
        of_company = Domain(self.env["tiktok.assignment"]._get_company_domain(company))
        values = {
            "email_normalized": {email_normalize(v.get("email_from") or "") for v in vals_list},
            "phone_sanitized": {v.get("phone") for v in vals_list},
        }
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        moments = collections.defaultdict(list)
        for name, wanted in values.items():
            known = Domain(name, "in", [*filter(None, wanted)])
            known &= Domain("tiktok_lead_uid", "!=", False) & of_company & near
            for lead in leads.search_fetch(known, TIME_FIELDS, order="id desc", limit=MOST_EARLIER):
                moment = lead.tiktok_submitted_at or lead.create_date
                moments[name.split("_", 1)[0], lead[name]].append(moment)
        return moments


class TiktokPrivacy(models.AbstractModel):
    """What was decided about a person, and by which digests the person is recognized."""

    _inherit = "tiktok.privacy"

    @api.model
    def _find_person_checks(self, leads):
        """Find the decisions about the persons of leads.

        :param leads: crm.lead, in sudo
        :rtype: tiktok.lead.check
        """
        checks = self.env["tiktok.lead.check"].sudo()
        found = checks.browse()
        for lead in leads:
            digests = checks._get_digests(lead.email_from, lead.phone)
            company = lead._tiktok_get_company()
            found |= checks.search([("company_id", "=", company.id), ("digest", "in", [*digests])])
        return found

    @api.model
    def _erase_linked_records(self, leads):
        """Delete the decisions about the persons of leads: the next lead is checked as any other.

        :param leads: crm.lead, in sudo
        :return: nothing, as the method that it extends
        """
        self._find_person_checks(leads).unlink()
        return super()._erase_linked_records(leads)

    @api.model
    def _export_linked_records(self, lead):
        """Return the decisions about the person of a lead as well.

        :param lead: crm.lead, in sudo
        :return: lists by their names in the file
        :rtype: dict
        """
        decisions = [
            {"date": str(check.decided_at), "is_junk": check.is_junk, "user": check.user_id.name}
            for check in self._find_person_checks(lead)
        ]
        return {**super()._export_linked_records(lead), "check_decisions": decisions}


def is_name(text):
    """Tell whether a text can be the name of a person, in any script; an empty one can.

    :param str text: as it was answered
    :rtype: bool
    """
    letters = [letter.casefold() for letter in text if letter.isalpha()]
    if not text.strip():
        return True
    if not letters or _ADDRESS.search(text):
        return False
    return not (len(letters) > 2 and len(set(letters)) == 1)
