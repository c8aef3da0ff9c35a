"""Where the token and the signature of a lead webhook are checked.

That of a developer webhook: `signature.check_developer_signature`.
"""

import functools
import typing

from .job_time import read_transaction_clock
from .tiktok import signature
from .tiktok.errors import SealError


class Authentication(typing.NamedTuple):
    """What a request offers, judged by the policy of one company."""

    verification: str  # of `tiktok.event`; "none" if the company does not accept the request
    signature: str  # of `tiktok.event`
    reason: str  # of const.REASONS; empty if the company accepts the request


UNKNOWN_COMPANY = Authentication("none", "unchecked", "unknown_company")


class WebhookAuthenticator:
    """Check the token and the signature of one request, once for each company.

    :param odoo.api.Environment env: as superuser
    :param bytes body: as received
    :param str token: of the URL, empty for none
    :param str header: X-Open-Signature, empty for none
    """

    def __init__(self, env, body, token, header):
        self._env = env
        self._body = body
        self._token_hash = signature.hash_token(token)
        self._header = header
        self._results = {}
        self._matches = {}  # whether the signature is right, by secret

    def find_company(self, claimed, find_owner, default):
        """Find the company of a lead: the first one that accepts the request.

        The company in the URL comes first if its token is valid. Without a valid token anyone could
        have written that number, so the ad account decides.

        :param int claimed: company of the URL, or None
        :param find_owner: returns the company of the lead's ad account, or None
        :param int default: company of the server's settings, or None
        :return: the company, None if none is known, and what it says of the request
        :rtype: tuple[int | None, Authentication]
        """
        if claimed and self.authenticate(claimed).verification in ("token", "both"):
            return claimed, self.authenticate(claimed)
        owner = find_owner()
        for company_id in filter(None, (owner, default, claimed)):
            result = self.authenticate(company_id)
            # A company that requires nothing must be named by the request, not only be likely.
            is_open = result.verification == "open" and company_id == claimed
            if is_open or result.verification not in ("none", "open"):
                return company_id, result
        # A sender that had the token before it was replaced knows the company best.
        is_former = self.has_former_token(claimed)
        company_id = claimed if is_former else owner or default or claimed
        if not company_id:
            return None, UNKNOWN_COMPANY
        result = self.authenticate(company_id)
        return company_id, Authentication("none", result.signature, result.reason or "no_token")

    def authenticate(self, company_id):
        """Judge the request by the policy of a company.

        :param int company_id: of a known company
        :rtype: Authentication
        """
        if company_id not in self._results:
            self._results[company_id] = self._apply_policy(company_id)
        return self._results[company_id]

    def has_former_token(self, company_id):
        """Tell whether the token was the company's before it was replaced.

        :param int company_id: of a known company, or None
        :rtype: bool
        """
        if not company_id:
            return False
        hashes = self._read_config(company_id)["token_hashes"]
        known = [(token_hash, False) for token_hash, _until in hashes]
        return signature.match_token_hash(self._token_hash, known, None)

    def _read_config(self, company_id):
        return self._env["res.company"]._tiktok_lead_configs()[company_id]

    def _apply_policy(self, company_id):
        """Check token and signature and apply the policy of a company.

        :param int company_id: of a known company
        :rtype: Authentication
        """
        config = self._read_config(company_id)
        hashes = config["token_hashes"]
        has_old = any(until for _hash, until in hashes)  # the clock costs a query
        now = read_transaction_clock(self._env) if has_old else None
        has_token = signature.match_token_hash(self._token_hash, hashes, now)
        signed, missing = self._check_signatures(config)
        policy = config["tiktok_signature_policy"]
        if policy == "both" and has_token and signed == "right":
            return Authentication("both", signed, "")
        if policy != "both" and signed == "right":
            return Authentication("both" if has_token else "signature", signed, "")
        if policy == "token" and has_token:
            return Authentication("token", signed, "")
        if config["tiktok_accept_untrusted"]:
            return Authentication("open", signed, "")
        if policy == "token" or (policy == "both" and not has_token):
            missing = "wrong_token" if self._token_hash else "no_token"
        return Authentication("none", signed, missing)

    def _check_signatures(self, config):
        """Check the signature with the secret of a company, then with those of related apps.

        :param dict config: of the company
        :return: state of the signature, and the reason if it is not valid
        :rtype: tuple[str, str]
        """
        result = self._check_signature(config["tiktok_app_secret_sealed"])
        for sealed in config["other_secrets"]:
            if result[0] != "right" and sealed:
                other = self._check_signature(sealed)
                result = other if other[0] == "right" else result
        return result

    def _check_signature(self, sealed):
        """Check the signature with one app secret.

        :param str sealed: the sealed secret, False for the one of the server's settings
        :return: state of the signature, and the reason if it is not valid
        :rtype: tuple[str, str]
        """
        try:
            secret = self._env["res.company"]._tiktok_open_app_secret(sealed)
        except SealError:
            return "unchecked", "unreadable_secret"
        if not secret:
            return "unchecked", "no_secret"
        if not self._header:
            return "missing", "no_signature"
        if secret not in self._matches:  # companies share apps
            self._matches[secret] = signature.match_open_signature(
                self._signed_bodies, self._header, secret
            )
        return ("right", "") if self._matches[secret] else ("wrong", "wrong_signature")

    @functools.cached_property
    def _signed_bodies(self):
        return signature.list_signed_bodies(self._body)
