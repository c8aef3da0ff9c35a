from odoo import fields, models

from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS


class ResCompany(models.Model):
    """How salespeople are alerted."""

    _inherit = "res.company"

    tiktok_alert_push = fields.Boolean(
        "Push notifications",
        default=True,
        groups=SALES_MANAGERS,
        help="On each device on which the salesperson has turned on Odoo's push notifications.",
    )
    tiktok_alert_email = fields.Boolean(
        "E-mail if no browser is open",
        default=True,
        groups=SALES_MANAGERS,
        help="A salesperson who has no open browser gets an e-mail with the lead immediately.",
    )
