from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS

from ... import const, retry_pattern


class ResCompany(models.Model):
    """What follows from the outcome of a call."""

    _inherit = "res.company"

    tiktok_retry_pattern = fields.Char(
        "Call again after",
        default=const.RETRY_PATTERN,
        groups=SALES_MANAGERS,
        help="After each call without an answer: a number with m for minutes, h for hours or d "
        "for the opening of a later day, separated by commas. A time outside of the team's working "
        "hours is moved to the next opening.",
    )
    tiktok_lost_reason_id = fields.Many2one(
        "crm.lost.reason",
        "Lost reason for Not interested",
        groups=SALES_MANAGERS,
        help="Leave empty to use “Not interested”.",
    )

    @api.constrains("tiktok_retry_pattern")
    def _check_tiktok_retry_pattern(self):
        for company in self.sudo():
            try:
                retry_pattern.parse_pattern(company.tiktok_retry_pattern or const.RETRY_PATTERN)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Enter when to call again as in “15m, 2h, 1d”: up to 10 numbers, each with "
                        "m for minutes, h for hours or d for the opening of a later day."
                    )
                ) from error

    def _tiktok_find_lost_reason(self):
        """Return the reason of leads that are not interested.

        :rtype: crm.lost.reason
        """
        default = self.env.ref("tiktok_first_contact.lost_reason_not_interested", False)
        return self.sudo().tiktok_lost_reason_id or default or self.env["crm.lost.reason"]
