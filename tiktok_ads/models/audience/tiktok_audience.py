from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError

from ...tiktok import audience

KINDS = [
    ("won", "Won TikTok leads"),
    ("customer", "Customers"),
    ("junk", "Lost TikTok leads"),
]
STATES = [
    ("draft", "Not at TikTok yet"),
    ("active", "At TikTok"),
    ("too_small", "Too few people"),
    ("removed", "Deleted at TikTok"),
]
PROBLEMS = [
    ("not_connected", "The ad account is not connected"),
    ("reconnect", "TikTok no longer accepts the connection of the ad account"),
    ("not_allowed", "The app lacks the permission Audience Management"),
    ("unreachable", "TikTok could not be reached"),
    ("refused", "TikTok refused the audience"),
    ("interrupted", "Odoo stopped each time it refreshed the audience"),
    ("error", "Internal error"),
]
REFRESH_CRON = "tiktok_ads.ir_cron_refresh_audiences"
AUDIENCE_FILE_ROUTE = "/tiktok_ads/audience"  # and the number of an audience


class TiktokAudience(models.Model):
    """An audience at TikTok: people of leads, as hashes, refreshed weekly."""

    _name = "tiktok.audience"
    _description = "TikTok Audience"
    _inherit = ["tiktok.protected.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Its name at TikTok ends with its number in Odoo.")
    active = fields.Boolean(default=True)
    advertiser_id = fields.Many2one(
        "tiktok.advertiser",
        "Ad account",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._find_only_advertiser(),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        KINDS,
        "Consists of",
        required=True,
        default="won",
        help="Won leads are the seed of a lookalike audience. Exclude customers and lost leads "
        "from your ad groups in TikTok Ads Manager.",
    )
    lost_reason_ids = fields.Many2many(
        "crm.lost.reason",
        string="Lost reasons",
        help="Leads lost for one of these reasons. Leave empty for all lost leads.",
    )
    audience_uid = fields.Char("Audience ID", readonly=True, copy=False)
    state = fields.Selection(STATES, "Status", readonly=True, default="draft", copy=False)
    member_count = fields.Integer(
        "People", readonly=True, copy=False, help="In the last file. TikTok matches some of them."
    )
    min_count = fields.Integer(compute="_compute_min_count")
    matched_count = fields.Integer("Matched by TikTok", readonly=True, copy=False)
    is_valid = fields.Boolean(
        "Can be used", readonly=True, copy=False, help="TikTok takes up to 48 hours."
    )
    is_expiring = fields.Boolean("Expires soon", readonly=True, copy=False)
    refreshed_at = fields.Datetime("Last refreshed", readonly=True, copy=False)
    next_refresh_at = fields.Datetime("Next refresh", readonly=True, copy=False)
    attempt_count = fields.Integer("Failed attempts", readonly=True, copy=False)
    problem = fields.Selection(PROBLEMS, readonly=True, copy=False)
    problem_message = fields.Char("TikTok's message", readonly=True, copy=False)

    _audience_uid_uniq = models.UniqueIndex(
        "(audience_uid) WHERE audience_uid IS NOT NULL", "This audience is already in Odoo."
    )

    def _compute_min_count(self):
        self.min_count = audience.MIN_MEMBERS

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        audiences = super().create(vals_list)
        self.env["ir.cron"]._tiktok_trigger_job(REFRESH_CRON)
        return audiences

    def write(self, vals):
        """Keep an audience at TikTok with its ad account and what it consists of.

        :param dict vals: as in `BaseModel.write`
        :return: what Odoo returns
        :raise UserError: if an audience at TikTok would be moved or archived
        :raise AccessError: if the user may not write to the new company
        """
        frozen = {"advertiser_id", "company_id", "kind", "active"} & vals.keys()
        if frozen and any(self.mapped("audience_uid")) and not self.env.su:
            raise UserError(
                self.env._("It is at TikTok. Delete it there first, then change or archive it.")
            )
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # it may be another company's now
        if "lost_reason_ids" in vals:
            self.sudo().next_refresh_at = False
            self.env["ir.cron"]._tiktok_trigger_job(REFRESH_CRON)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_remote(self):
        if any(self.mapped("audience_uid")):
            raise UserError(self.env._("It is at TikTok. Delete it there first."))

    # === ACTION METHODS === #

    def action_refresh(self):
        """Refresh these audiences as soon as possible.

        :return: the action that notifies the user
        :rtype: dict
        """
        self.check_access("write")
        self.sudo().write({"next_refresh_at": False, "attempt_count": 0})
        self.env["ir.cron"]._tiktok_trigger_job(REFRESH_CRON)
        message = self.env._("Odoo refreshes the audience now. TikTok takes up to 48 hours.")
        return self.env["tiktok.advertiser"]._build_notification(message, "info")

    def action_download(self):
        """Download the file for TikTok Ads Manager, where no app is connected.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_url",
            "url": f"{AUDIENCE_FILE_ROUTE}/{self.id}",
            "target": "download",
        }

    def action_delete_remote(self):
        """Delete this audience at TikTok, and archive it.

        :raise UserError: if TikTok refuses
        """
        self.ensure_one()
        self.check_access("write")
        try:
            with client.deadline():
                self.sudo()._delete_remote("draft")
        except TiktokError as error:
            raise UserError(self.advertiser_id._explain_error(error)) from error
        self.sudo().active = False

    # === BUSINESS METHODS === #

    @api.model
    def _find_only_advertiser(self):
        """Return the ad account of the company, if it has exactly one.

        :rtype: tiktok.advertiser
        """
        own = [("company_id", "=", self.env.company.id)]
        found = self.env["tiktok.advertiser"].search(own, limit=2)
        return found if len(found) == 1 else found.browse()

    @api.model
    def _request_refresh(self, companies):
        """Have the audiences of companies at TikTok refreshed: people leave them.

        :param companies: res.company
        """
        domain = [("company_id", "in", companies.ids), ("audience_uid", "!=", False)]
        audiences = self.sudo().search([*domain, ("next_refresh_at", "!=", False)])
        if audiences:
            audiences.write({"next_refresh_at": False, "attempt_count": 0})
            self.env["ir.cron"]._tiktok_trigger_job(REFRESH_CRON)
