"""Login Kit v2: request a consent, its tokens, and their revocation.

https://developers.tiktok.com/doc/login-kit-web,
https://developers.tiktok.com/doc/oauth-user-access-token-management
"""

import base64
import dataclasses
import hashlib
import secrets
import urllib.parse

from . import values
from .client import Client
from .errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    WrongRequestError,
    unexplained_refusal,
)
from .shape import missing, require_text

SCOPES = ("user.info.basic", "user.info.profile", "user.info.stats", "video.list")
AUTHORIZE_PATH = "/v2/auth/authorize/"
VERIFIER_BYTES = 48  # 64 characters; TikTok takes 43 to 128

_RETRY = {"server_error", "temporarily_unavailable", "rate_limit_exceeded"}
_RECONNECT = {"invalid_grant", "access_denied"}
_NOT_ALLOWED = {"invalid_scope", "unauthorized_client", "scope_not_authorized"}
_KEYS = ("invalid_client", "unauthorized_client", "client_key", "client_secret")


@dataclasses.dataclass(repr=False)
class Tokens:
    """Tokens of a consent; their text representation shows none of them."""

    open_id: str
    scopes: tuple
    access_token: str
    expires_in: int  # seconds
    refresh_token: str
    refresh_expires_in: int  # seconds

    def __repr__(self):
        return f"Tokens(scopes={self.scopes!r})"


def make_verifier():
    """Return a new PKCE code verifier.

    :rtype: str
    """
    return secrets.token_urlsafe(VERIFIER_BYTES)


def compute_challenge(verifier, encoding="hex"):
    """Return the PKCE code challenge of a verifier.

    TikTok's page (https://developers.tiktok.com/doc/login-kit-desktop) hashes to hexadecimal
    where RFC 7636 says base64url, and TikTok refuses the latter. The setting
    ``TIKTOK_PKCE_ENCODING`` selects it for an app that needs it.

    :param str verifier: the secret
    :param str encoding: ``hex`` or ``base64url``
    :rtype: str
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    if encoding == "base64url":
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return digest.hex()


def make_authorize_url(base, *, client_key, redirect_uri, scopes, state, code_challenge):
    """Return the address of TikTok's consent page.

    :param str base: of TikTok's web pages
    :param str client_key: the app's
    :param str redirect_uri: where TikTok sends the browser back
    :param list scopes: requested permissions
    :param str state: returned with the answer
    :param str code_challenge: of `compute_challenge`
    :rtype: str
    """
    query = {
        "client_key": client_key,
        "scope": ",".join(scopes),
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "state": state,
        "code_challenge": code_challenge,
        "code_challenge_method": "S256",
        "disable_auto_auth": "1",  # or a second account would be the first one again
    }
    return f"{base.rstrip('/')}{AUTHORIZE_PATH}?{urllib.parse.urlencode(query)}"


class LoginKit:
    """The token endpoints of one app.

    :param str base: of TikTok's open API
    :param str client_key: the app's
    :param str client_secret: the app's
    :param Client client: default: a new one
    """

    def __init__(self, base, client_key, client_secret, client=None):
        self._base = base.rstrip("/")
        self._app = {"client_key": client_key, "client_secret": client_secret}
        self._client = client or Client()

    def request_tokens(self, code, redirect_uri, verifier):
        """Exchange the code of a consent for tokens. A code works once.

        :param str code: of the callback's address
        :param str redirect_uri: the one the consent was requested with
        :param str verifier: of PKCE
        :rtype: Tokens
        :raise ApiError: as TikTok refuses
        """
        fields = {"code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
        return self._request_tokens({"grant_type": "authorization_code", **fields})

    def request_new_tokens(self, refresh_token):
        """Exchange a refresh token for new tokens. It may be invalid afterwards.

        :param str refresh_token: of the tokens before
        :rtype: Tokens
        :raise ReconnectError: if TikTok no longer accepts it
        :raise ApiError: as TikTok refuses
        """
        return self._request_tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def request_revocation(self, access_token):
        """Revoke the consent.

        :param str access_token: a valid one
        :raise ApiError: as TikTok refuses
        """
        self._post("/v2/oauth/revoke/", {"token": access_token})

    def _request_tokens(self, fields):
        content = self._post("/v2/oauth/token/", fields)
        return Tokens(
            open_id=require_text(content, "open_id"),
            scopes=tuple(filter(None, values.join_texts(content.get("scope")).split(","))),
            access_token=require_text(content, "access_token"),
            expires_in=_parse_seconds(content, "expires_in"),
            refresh_token=require_text(content, "refresh_token"),
            refresh_expires_in=_parse_seconds(content, "refresh_expires_in"),
        )

    def _post(self, path, fields):
        status, content = self._client.call("POST", self._base + path, data={**self._app, **fields})
        # TikTok has been seen to send errors with HTTP 200: the field decides.
        if content.get("error"):
            raise _make_error(content)
        if status >= 300:  # a redirect is a machine's in between: nothing was done
            raise unexplained_refusal(status)
        return content


def is_consent_over(error, *, is_over):
    """Tell whether an error of a renewal means that the consent has ended.

    TikTok need not say so of an expired refresh token: any refusal of it counts, except of the
    app's own keys, which a user can correct.

    :param Exception error: of `LoginKit.request_new_tokens`
    :param bool is_over: whether the refresh token has expired
    :rtype: bool
    """
    if isinstance(error, ReconnectError):
        return True
    if not is_over or not isinstance(error, (NotAllowedError, WrongRequestError)):
        return False
    said = f"{error.code} {error}".lower()
    return not any(word in said for word in _KEYS)


def _parse_seconds(content, name):
    """Return a positive number of seconds.

    :param dict content: TikTok's answer
    :param str name: of the number in it
    :rtype: int
    :raise UnparsableAnswerError: if there is none
    """
    try:
        found = int(content[name])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise missing(name) from None
    if found <= 0:
        raise missing(name)
    return found


def _make_error(content):
    """Return the typed error of an answer.

    :param dict content: TikTok's answer, with ``error``
    :rtype: ApiError
    """
    error = content["error"]
    if isinstance(error, dict):  # the other envelope of the same platform
        content = {"error": error.get("code"), "error_description": error.get("message"), **error}
    code = values.format_line(content["error"])[:100]
    kind = next(
        (
            kind
            for codes, kind in (
                (_RETRY, RetryLaterError),
                (_RECONNECT, ReconnectError),
                (_NOT_ALLOWED, NotAllowedError),
            )
            if code in codes
        ),
        WrongRequestError,
    )
    description = values.format_line(content.get("error_description"))[:300]
    return kind(description or code, code, values.format_line(content.get("log_id")))
