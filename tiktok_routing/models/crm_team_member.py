from odoo import fields, models


class CrmTeamMember(models.Model):
    """How many of the team's TikTok leads a member gets."""

    _inherit = "crm.team.member"

    tiktok_weight = fields.Integer(
        "Share of TikTok leads",
        default=1,
        help="In round robin and least busy: with 2 a member gets twice as many leads as with 1, "
        "with 0 none.",
    )
    tiktok_daily_cap = fields.Integer(
        "TikTok leads a day",
        help="In round robin and least busy: the most leads of one day that the member gets, in "
        "the time zone of the team. Leads of persons whom the member knows are not counted. "
        "0: no limit.",
    )

    _tiktok_share_positive = models.Constraint(
        "CHECK(tiktok_weight >= 0 AND tiktok_daily_cap >= 0)",
        "A share and a number of leads cannot be less than 0.",
    )
