from odoo import fields, models


class CrmLead(models.Model):
    """The four clocks of a lead: submitted → received → assigned → first contact."""

    _inherit = "crm.lead"

    tiktok_assigned_at = fields.Datetime(
        "Assigned to a salesperson",
        readonly=True,
        copy=False,
        help="When the lead first got a salesperson.",
    )
    tiktok_first_contact_at = fields.Datetime(
        "First contact",
        readonly=True,
        copy=False,
        help="When a person first worked on it: a call done, a message sent, the stage moved.",
    )
    tiktok_first_contact_user_id = fields.Many2one(
        "res.users", "First contact by", readonly=True, copy=False
    )
    tiktok_first_contact_how = fields.Selection(
        [
            ("call", "Called"),
            ("message", "Message sent"),
            ("activity", "Activity done"),
            ("stage", "Stage moved"),
        ],
        "First contact was",
        readonly=True,
        copy=False,
    )
    # Not computed: a lead nobody contacted has no value at all, so averages leave it out.
    tiktok_response_seconds = fields.Integer(
        "Seconds to first contact",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="From the moment the person submitted the form to the first contact.",
    )
