from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from .res_company import MANAGER


class ResCompany(models.Model):
    """The webhook address of the company and the token in it.

    Neither has a column: what a stored field holds can be found out by searching from models
    that search with all rights, such as attachments, whatever the field's groups are.
    """

    _inherit = "res.company"

    tiktok_webhook_token = fields.Char(
        "Webhook token",
        compute="_compute_tiktok_webhook_token",
        inverse="_inverse_tiktok_webhook_token",
        copy=False,
        groups=fields.NO_ACCESS,
        help="The secret part of the webhook address: who knows it can send leads.",
    )
    tiktok_webhook_url = fields.Char(
        "Webhook URL",
        compute="_compute_tiktok_webhook_url",
        groups=MANAGER,
        help="Paste it in TikTok Ads Manager → Leads Center → CRM integration.",
    )
    tiktok_webhook_url_masked = fields.Char(
        "Webhook URL (hidden token)", compute="_compute_tiktok_webhook_url_masked", groups=MANAGER
    )
    tiktok_token_grace_hours = fields.Integer(
        "Accept the old token for (hours)",
        default=const.TOKEN_GRACE_HOURS,
        required=True,
        groups=MANAGER,
        help="After New token, the address with the old token still works for so long: time to "
        "paste the new one at TikTok without losing a lead. 0 ends it immediately.",
    )
    tiktok_old_token_until = fields.Datetime(
        "Old token accepted until", compute="_compute_tiktok_old_token_until", groups=MANAGER
    )

    _tiktok_token_grace_hours_positive = models.Constraint(
        "CHECK(tiktok_token_grace_hours >= 0)",
        "An old token can't be accepted for less than 0 hours.",
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_webhook_token(self):
        tokens = self.env["tiktok.webhook.token"]._reveal_tokens(self)
        for company in self:
            company.tiktok_webhook_token = tokens.get(company._origin.id, False)

    def _inverse_tiktok_webhook_token(self):
        for company in self:
            token = company.tiktok_webhook_token
            self.env["tiktok.webhook.token"]._replace_token(company, token)

    @api.depends("tiktok_webhook_token")
    @api.depends_context("uid", "su")
    def _compute_tiktok_webhook_url(self):
        """Show the address to TikTok administrators of the company, if there is a token."""
        for company in self:
            token = company.sudo().tiktok_webhook_token
            may_see = self.env.su or company._tiktok_is_ours()
            company.tiktok_webhook_url = (
                f"{company._tiktok_webhook_base()}{token}" if token and may_see else False
            )

    def _compute_tiktok_webhook_url_masked(self):
        for company in self:
            company.tiktok_webhook_url_masked = f"{company._tiktok_webhook_base()}••••••••"

    def _compute_tiktok_old_token_until(self):
        ends = {
            token.company_id.id: token.expires_at
            for token in reversed(self.env["tiktok.webhook.token"]._find_old_tokens(self))
        }
        for company in self:
            company.tiktok_old_token_until = ends.get(company._origin.id, False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["tiktok.webhook.token"]._create_missing_tokens(companies)
        return companies

    # === ACTION METHODS === #

    def action_tiktok_new_token(self):
        """Make a new token; the old one stays accepted for the time the company chose."""
        self._tiktok_check_manager()
        for company in self.sudo():
            company.tiktok_webhook_token = self.env["tiktok.webhook.token"]._make_token()
        return self._tiktok_notify(
            self.env._("New token"),
            self.env._("Copy the address and paste it in TikTok's Leads Center."),
        )

    def action_tiktok_revoke_old_token(self):
        """Stop accepting the tokens that were replaced."""
        self._tiktok_check_manager()
        tokens = self.env["tiktok.webhook.token"]._find_old_tokens(self)
        if not tokens:
            raise UserError(self.env._("No old token is accepted any more. Reload the page."))
        tokens._expire(fields.Datetime.now())
        return self._tiktok_notify(
            self.env._("Old token revoked"),
            self.env._("Deliveries to the old address are quarantined from now on."),
        )

    # === BUSINESS METHODS === #

    def _tiktok_webhook_base(self):
        """Return the webhook address up to its token.

        :rtype: str
        """
        company = self._origin
        base = company.get_base_url() if company else ""
        return f"{base}{const.LEAD_WEBHOOK_ROUTE}?company_id={company.id}&token="
