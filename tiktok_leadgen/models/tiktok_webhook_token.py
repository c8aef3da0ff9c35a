import logging
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import const
from ..tiktok import signature
from ..tiktok.errors import SealError

_logger = logging.getLogger(__name__)


class TiktokWebhookToken(models.Model):
    """The tokens that a company's webhook accepts, in rows of their own.

    No other model points here, so no search from elsewhere reaches them. A delivery is checked
    against the hash, which needs no encryption key; the sealed token is there to show the
    address to a TikTok administrator, and goes as soon as a newer token replaces it. The last
    `const.FORMER_TOKENS` hashes stay: they recognize a sender that still uses an old address.
    """

    _name = "tiktok.webhook.token"
    _description = "TikTok Webhook Token"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    token_hash = fields.Char(required=True, groups=fields.NO_ACCESS, prefetch=False)
    token_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False)
    expires_at = fields.Datetime(help="Empty for the current token.")

    _current_uniq = models.UniqueIndex(
        "(company_id) WHERE expires_at IS NULL", "A company has one current webhook token."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        tokens = super().create(vals_list)
        tokens._forget_cached()
        return tokens

    def write(self, vals):
        result = super().write(vals)
        self._forget_cached()
        return result

    def unlink(self):
        self._forget_cached()
        return super().unlink()

    def _forget_cached(self):
        """Have the webhook and the companies' fields read the tokens again."""
        companies = self.company_id
        companies._tiktok_forget_configs()
        names = ["tiktok_webhook_token", "tiktok_webhook_url", "tiktok_old_token_until"]
        companies.invalidate_recordset(names, flush=False)

    # === BUSINESS METHODS === #

    @api.model
    def _make_token(self):
        """Return a new random token.

        :rtype: str
        """
        return secrets.token_urlsafe(const.WEBHOOK_TOKEN_BYTES)

    @api.model
    def _create_missing_tokens(self, companies):
        """Give each company without a token one of its own.

        A company is made even where secrets can't be sealed: it has no token then, and the page
        TikTok says so.

        :param companies: res.company
        """
        known = self.sudo().search([("company_id", "in", companies.ids)]).company_id
        for company in companies - known:
            try:
                self._replace_token(company, self._make_token())
            except UserError:
                _logger.warning("TikTok company %s: no webhook token could be sealed", company.id)

    @api.model
    def _create_all_missing_tokens(self):
        """Give a token to each company that has none, the archived ones too."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        companies = companies.search(Domain.TRUE)
        self._create_missing_tokens(companies)

    @api.model
    def _replace_token(self, company, token):
        """Make a token the current one; the one before stays accepted for the company's time.

        :param company: res.company
        :param str token: the new token; empty to accept none at all any more
        :raise UserError: if it can't be sealed
        """
        tokens = self.sudo().search([("company_id", "=", company.id)])
        if not token:
            tokens.unlink()
            return
        values = {
            "company_id": company.id,
            "token_hash": signature.hash_token(token),
            "token_sealed": self.env["tiktok.vault"]._seal(token),
        }
        grace = timedelta(hours=company.sudo().tiktok_token_grace_hours)
        until = fields.Datetime.now() + grace
        tokens.filtered(lambda old: not old.expires_at)._expire(until)
        # The old row must leave the unique index before the new one enters it.
        tokens.flush_recordset()
        tokens.sorted("id", reverse=True)[const.FORMER_TOKENS :].unlink()
        self.sudo().create(values)

    def _expire(self, until):
        """Let a token count until a time, and no longer show it.

        :param datetime until: in UTC
        """
        self.write({"expires_at": until, "token_sealed": False})

    @api.model
    def _find_old_tokens(self, companies):
        """Return the tokens that were replaced and are still accepted, the last one to end first.

        :param companies: res.company
        :rtype: tiktok.webhook.token
        """
        return self.sudo().search(
            [("company_id", "in", companies.ids), ("expires_at", ">", fields.Datetime.now())],
            order="expires_at desc",
        )

    @api.model
    def _reveal_tokens(self, companies):
        """Return the current tokens in clear.

        :param companies: res.company
        :return: by company id; a company is missing where there is no token, or no key opens it
        :rtype: dict[int, str]
        """
        current = [("company_id", "in", companies.ids), ("expires_at", "=", False)]
        found = {}
        for row in self.sudo().search(current):
            try:
                found[row.company_id.id] = self.env["tiktok.vault"]._open(row.token_sealed)
            except SealError:
                _logger.info("TikTok company %s: the token can't be opened", row.company_id.id)
        return found

    @api.model
    def _accepted_hashes(self):
        """Return what the webhook compares a token with.

        :return: by company id, pairs of a token's hash and the time until which it counts, UTC,
            which is False for the current one
        :rtype: dict[int, list[tuple[str, datetime | bool]]]
        """
        found = {}
        for row in self.sudo().search(Domain.TRUE):
            found.setdefault(row.company_id.id, []).append((row.token_hash, row.expires_at))
        return found
