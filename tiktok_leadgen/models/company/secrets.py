import logging
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import const, settings
from ...job_time import read_transaction_clock
from ...tiktok import signature
from ...tiktok.errors import SealError

_logger = logging.getLogger(__name__)


class TiktokSecrets(models.AbstractModel):
    """Encrypts secrets before they are stored; see `settings.sealer` for the key."""

    _name = "tiktok.secrets"
    _description = "TikTok Secrets"

    @api.model
    def _seal_secret(self, text):
        """Encrypt a secret.

        :param str text: the secret
        :return: the secret sealed, False for an empty one
        :rtype: str | bool
        :raise UserError: if there is no usable key
        """
        if not text or not text.strip():
            return False
        try:
            return settings.sealer().seal(text.strip())
        except SealError as error:
            raise UserError(
                self.env._("The secret can't be stored safely. %(reason)s", reason=error)
            ) from error

    @api.model
    def _open_secret(self, sealed):
        """Decrypt a secret.

        :param str sealed: as `_seal_secret` returns it
        :return: the secret, empty for none
        :rtype: str
        :raise SealError: if the key is missing or another one
        """
        return settings.sealer().open(sealed) if sealed else ""

    @api.model
    def _find_sealed_fields(self):
        """Find each record with a secret: the names of their fields end in ``_sealed``.

        :return: a record and the name of its field, each
        :rtype: Iterator[tuple]
        """
        for model in self.env.values():
            for name, field in model._fields.items():
                if name.endswith("_sealed") and field.store and not model._abstract:
                    everything = model.sudo().with_context(active_test=False)
                    for record in everything.search([(name, "!=", False)]):
                        yield record, name

    @api.model
    def _reseal_secrets(self):
        """Encrypt all secrets again with the newest key.

        :return: how many were, and how many could not be opened
        :rtype: tuple[int, int]
        """
        done = failed = 0
        for record, name in self._find_sealed_fields():
            try:
                record[name] = self._seal_secret(self._open_secret(record[name]))
                done += 1
            except SealError:
                failed += 1
        return done, failed

    @api.model
    def _count_lost_secrets(self):
        """Count the secrets that no key opens.

        :return: how many
        :rtype: int
        """
        lost = 0
        for record, name in self._find_sealed_fields():
            try:
                self._open_secret(record[name])
            except SealError:
                lost += 1
        return lost


class TiktokWebhookToken(models.Model):
    """The tokens that a company's webhook accepts, in rows of their own.

    No other model points here, so no search from elsewhere reaches them. A delivery is checked
    against the hash, which needs no encryption key; the sealed token is there to show the URL to
    a TikTok administrator, and is deleted as soon as a newer token replaces it. The last
    `const.FORMER_TOKENS` hashes stay: they recognize a sender that still uses an old URL.
    """

    _name = "tiktok.webhook.token"
    _description = "TikTok Webhook Token"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    token_hash = fields.Char(required=True, groups=fields.NO_ACCESS, prefetch=False)
    token_sealed = fields.Char("Encrypted token", groups=fields.NO_ACCESS, prefetch=False)
    expires_at = fields.Datetime(help="Empty for the current token.")

    _current_uniq = models.UniqueIndex(
        "(company_id) WHERE expires_at IS NULL", "A company has only one current webhook token."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        tokens = super().create(vals_list)
        tokens._invalidate_cached_tokens()
        return tokens

    def write(self, vals):
        result = super().write(vals)
        self._invalidate_cached_tokens()
        return result

    def unlink(self):
        self._invalidate_cached_tokens()
        return super().unlink()

    def _invalidate_cached_tokens(self):
        """Have the webhook and the companies' fields read the tokens again."""
        companies = self.company_id
        companies._tiktok_invalidate_configs()
        names = ["tiktok_webhook_token", "tiktok_webhook_url", "tiktok_old_token_until"]
        companies.invalidate_recordset(names, flush=False)

    # === BUSINESS METHODS === #

    @api.model
    def _generate_token(self):
        """Generate a random token.

        :return: the token, in letters that a URL needs not escape
        :rtype: str
        """
        return secrets.token_urlsafe(const.WEBHOOK_TOKEN_BYTES)

    @api.model
    def _create_missing_tokens(self, companies):
        """Create a token for each of these companies that has none.

        A company is created even where secrets can't be sealed: it has no token then, and the page
        TikTok says so.

        :param companies: res.company
        """
        known = self.sudo().search([("company_id", "in", companies.ids)]).company_id
        for company in companies - known:
            try:
                self._replace_token(company, self._generate_token())
            except UserError:
                _logger.warning("TikTok company %s: no webhook token could be sealed", company.id)

    @api.model
    def _create_all_missing_tokens(self):
        """Create a token for each company that has none, the archived ones too."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        companies = companies.search(Domain.TRUE)
        self._create_missing_tokens(companies)

    @api.model
    def _replace_token(self, company, token):
        """Replace the current token; it stays accepted for the time the company chose.

        :param company: res.company
        :param str token: the new token; empty to accept none
        """
        tokens = self.sudo().search([("company_id", "=", company.id)])
        if not token:
            tokens.unlink()
            return
        values = {
            "company_id": company.id,
            "token_hash": signature.hash_token(token),
            "token_sealed": self.env["tiktok.secrets"]._seal_secret(token),
        }
        grace = timedelta(hours=company.sudo().tiktok_token_grace_hours)
        until = read_transaction_clock(self.env) + grace
        tokens.filtered(lambda old: not old.expires_at)._expire_tokens(until)
        # The old row must leave the unique index before the new one enters it.
        tokens.flush_recordset()
        tokens.sorted("id", reverse=True)[const.FORMER_TOKENS :].unlink()
        self.sudo().create(values)

    def _expire_tokens(self, until):
        """Accept these tokens until a time, and no longer show them.

        :param datetime until: in UTC
        """
        self.write({"expires_at": until, "token_sealed": False})

    @api.model
    def _find_old_tokens(self, companies):
        """Find the tokens that were replaced and are still accepted.

        :param companies: res.company
        :return: the one that is accepted longest first
        :rtype: tiktok.webhook.token
        """
        return self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("expires_at", ">", read_transaction_clock(self.env)),
            ],
            order="expires_at desc",
        )

    @api.model
    def _reveal_tokens(self, companies):
        """Decrypt the current tokens.

        :param companies: res.company
        :return: by company id; a company is missing where there is no token, or no key opens it
        :rtype: dict[int, str]
        """
        current = [("company_id", "in", companies.ids), ("expires_at", "=", False)]
        found = {}
        for row in self.sudo().search(current):
            try:
                found[row.company_id.id] = self.env["tiktok.secrets"]._open_secret(row.token_sealed)
            except SealError:
                _logger.info("TikTok company %s: the token can't be opened", row.company_id.id)
        return found

    @api.model
    def _find_accepted_hashes(self):
        """Find the hashes with which the webhook compares a token.

        :return: by company id, pairs of a token's hash and the time until which it is accepted,
            UTC, which is False for the current one
        :rtype: dict[int, list[tuple[str, datetime | bool]]]
        """
        found = {}
        for row in self.sudo().search(Domain.TRUE):
            found.setdefault(row.company_id.id, []).append((row.token_hash, row.expires_at))
        return found
