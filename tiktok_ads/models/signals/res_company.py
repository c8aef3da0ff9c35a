from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_leadgen.models.company.res_company import MANAGER, SALES_MANAGERS

SEPARATOR = ": "  # between the question and the answer of a consent


class ResCompany(models.Model):
    """Which leads may be reported to TikTok, and be in its audiences."""

    _inherit = "res.company"

    tiktok_ads_consent = fields.Boolean(
        "Report only leads with consent",
        groups=SALES_MANAGERS,
        help="Other leads are never reported to TikTok and are in no audience.",
    )
    tiktok_ads_consent_question = fields.Char(
        "Consent question",
        groups=SALES_MANAGERS,
        help="Part of the question, such as “advertising”. Leave empty if each consent of the "
        "form must be given.",
    )
    tiktok_ads_consent_answers = fields.Char(
        "Answers that give consent",
        default="Yes",
        groups=SALES_MANAGERS,
        help="Separated by commas. Another answer gives no consent.",
    )

    @api.constrains("tiktok_ads_consent", "tiktok_ads_consent_answers")
    def _check_tiktok_ads_consent(self):
        for company in self.sudo():
            if company.tiktok_ads_consent and not company._tiktok_list_consent_answers():
                raise ValidationError(
                    self.env._("Enter the answers that give consent, separated by commas.")
                )

    def _tiktok_list_consent_answers(self):
        """Return the answers that give consent.

        :return: in lower case
        :rtype: set[str]
        """
        self.ensure_one()
        answers = (self.sudo().tiktok_ads_consent_answers or "").split(",")
        return {answer.strip().casefold() for answer in answers} - {""}

    def _tiktok_allows_reporting(self, consent):
        """Tell whether a lead with these consents may be reported to TikTok.

        :param str consent: as in `tiktok_consent` of crm.lead, False for none
        :rtype: bool
        """
        self.ensure_one()
        company = self.sudo()
        if not company.tiktok_ads_consent:
            return True
        question = (company.tiktok_ads_consent_question or "").strip().casefold()
        lines = [line for line in (consent or "").casefold().splitlines() if SEPARATOR in line]
        pairs = [line.rpartition(SEPARATOR) for line in lines]
        found = [answer.strip() for asked, _sign, answer in pairs if question in asked]
        return bool(found) and set(found) <= company._tiktok_list_consent_answers()


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    tiktok_ads_consent = fields.Boolean(
        related="company_id.tiktok_ads_consent", readonly=False, groups=MANAGER
    )
    tiktok_ads_consent_question = fields.Char(
        related="company_id.tiktok_ads_consent_question", readonly=False, groups=MANAGER
    )
    tiktok_ads_consent_answers = fields.Char(
        related="company_id.tiktok_ads_consent_answers", readonly=False, groups=MANAGER
    )
