from odoo import fields, models

from .res_company import SALES_MANAGERS

POLICIES = [
    ("new", "Make a new lead, linked to the earlier ones"),
    ("note", "Note it on the open lead"),
    ("reopen", "Reopen the lost lead"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    tiktok_repeat_policy = fields.Selection(
        POLICIES,
        "When somebody comes again",
        default="new",
        required=True,
        groups=SALES_MANAGERS,
        help="The same person, by e-mail, phone or known contact. Note: an open lead gets the "
        "answers as a note; without one there is a new lead. Reopen: the same, and without an "
        "open lead the last lost one is reopened. A form can have its own rule.",
    )
