from odoo import api, fields, models

from ..disposable_email import is_list_installed

SALES_MANAGERS = "sales_team.group_sale_manager"


class ResCompany(models.Model):
    """What happens to likely junk, and to leads whose salesperson is away."""

    _inherit = "res.company"

    tiktok_check_junk = fields.Boolean(
        "Check likely junk first",
        groups=SALES_MANAGERS,
        help="A lead with an impossible phone number or email, a name that is no name, or too many "
        "submissions in a few minutes gets no salesperson and no reminder until a person decides. "
        "No lead is deleted.",
    )
    tiktok_absence_fallback = fields.Boolean(
        "The team takes over",
        groups=SALES_MANAGERS,
        help="Where one salesperson gets the leads and is away or has no access, the next member "
        "of the team gets them. Otherwise they wait.",
    )
    tiktok_has_disposable_list = fields.Boolean(
        compute="_compute_tiktok_has_disposable_list", groups=SALES_MANAGERS
    )

    @api.depends_context("uid")
    def _compute_tiktok_has_disposable_list(self):
        self.tiktok_has_disposable_list = is_list_installed()
