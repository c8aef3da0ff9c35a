from odoo import api, fields, models
from odoo.tools import SQL, hmac

INSERT = "INSERT INTO tiktok_ads_objection (company_id, digest) VALUES %s ON CONFLICT DO NOTHING"


class TiktokAdsObjection(models.Model):
    """An e-mail address or a phone number whose person objects to TikTok's ads.

    It stays when the lead on which the person objected is deleted or erased. The address itself is
    not stored: a later one is recognized by its digest.
    """

    _name = "tiktok.ads.objection"
    _description = "TikTok Ads Objection"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"

    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    digest = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    _digest_uniq = models.UniqueIndex("(COALESCE(company_id, 0), digest)")

    @api.model
    def _store_objections(self, leads):
        """Remember the e-mail address and the phone number of each lead.

        Where a lead has no company, the objection counts in all of them.

        :param leads: crm.lead, with all rights
        """
        rows = {
            (lead.company_id.id or None, digest)
            for lead in leads
            for digest in self._get_digests(lead.email_normalized, lead.phone_sanitized)
        }
        if rows:
            values = SQL(", ").join(SQL("%s", row) for row in sorted(rows, key=str))
            # Two users may delete leads of one person at the same time.
            self.env.cr.execute(SQL(INSERT, values))

    @api.model
    def _delete_objections(self, leads):
        """Forget the persons of leads: they no longer object.

        :param leads: crm.lead, with all rights
        """
        digests = set().union(
            *(self._get_digests(lead.email_normalized, lead.phone_sanitized) for lead in leads)
        )
        domain = self._company_domain(leads.company_id | leads.tiktok_form_id.company_id)
        self.sudo().search([*domain, ("digest", "in", [*digests])]).unlink()

    @api.model
    def _filter_objecting(self, leads, companies):
        """Return the leads whose persons are remembered.

        :param leads: crm.lead
        :param companies: res.company
        :rtype: crm.lead
        """
        digests = {
            lead: self._get_digests(lead.email_normalized, lead.phone_sanitized) for lead in leads
        }
        wanted = set().union(*digests.values())
        domain = [*self._company_domain(companies), ("digest", "in", [*wanted])]
        known = set(self.sudo().search(domain).mapped("digest"))
        return leads.filtered(lambda lead: digests[lead] & known)

    @api.model
    def _read_digests(self, company):
        """Return the digests of all persons who are remembered.

        :param company: res.company
        :rtype: set[str]
        """
        found = self.sudo().search_fetch(self._company_domain(company), ["digest"])
        return set(found.mapped("digest"))

    @api.model
    def _company_domain(self, companies):
        return [("company_id", "in", [*companies.ids, False])]

    @api.model
    def _get_digests(self, email, phone):
        """Return the digests by which a person is recognized.

        :param str email: normalized, or empty
        :param str phone: E.164, or empty
        :rtype: set[str]
        """
        return {
            hmac(self.env(su=True), "tiktok-ads-objection", f"{kind}:{value}")
            for kind, value in (("email", email), ("phone", phone))
            if value
        }
