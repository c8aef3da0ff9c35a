"""Login Kit v2: consent, tokens, and giving them back.

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
    without_reason,
)
from .shape import missing, require_text

SCOPES = ("user.info.basic", "user.info.profile", "user.info.stats", "video.list")
AUTHORIZE_PATH = "/v2/auth/authorize/"
VERIFIER_BYTES = 48  # 64 characters; TikTok takes 43 to 128

_RETRY = {"server_error", "temporarily_unavailable", "rate_limit_exceeded"}
_DEAD = {"invalid_grant", "access_denied"}
_NOT_ALLOWED = {"invalid_scope", "unauthorized_client", "scope_not_authorized"}
_KEYS = ("invalid_client", "unauthorized_client", "client_key", "client_secret")


@dataclasses.dataclass(repr=False)
class Tokens:
    """What TikTok gives for a consent; its text shows none of it."""

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


def challenge(verifier, encoding="hex"):
    """Return the PKCE code challenge of a verifier.

    TikTok's page (https://developers.tiktok.com/doc/login-kit-desktop) hashes to hexadecimal
    where RFC 7636 says base64url, and refuses the latter; an app that needs it can have it.

    :param str verifier: the secret
    :param str encoding: ``hex`` or ``base64url``
    :rtype: str
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    if encoding == "base64url":
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return digest.hex()


def authorize_url(base, *, client_key, redirect_uri, scopes, state, code_challenge):
    """Return the address of TikTok's consent page.

    :param str base: of TikTok's web pages
    :param list scopes: what is asked for
    :param str state: comes back with the answer
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

    def exchange(self, code, redirect_uri, verifier):
        """Turn the code of a consent into tokens. A code works once.

        :rtype: Tokens
        :raise ApiError: as TikTok refuses
        """
        fields = {"code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
        return self._tokens({"grant_type": "authorization_code", **fields})

    def refresh(self, refresh_token):
        """Get new tokens. The refresh token may be dead afterwards: keep the one returned.

        :rtype: Tokens
        :raise ReconnectError: if TikTok does not take it any more
        """
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def revoke(self, access_token):
        """Give the consent back.

        :raise ApiError: as TikTok refuses
        """
        self._post("/v2/oauth/revoke/", {"token": access_token})

    def _tokens(self, fields):
        content = self._post("/v2/oauth/token/", fields)
        return Tokens(
            open_id=require_text(content, "open_id"),
            scopes=tuple(filter(None, values.text(content.get("scope")).split(","))),
            access_token=require_text(content, "access_token"),
            expires_in=_seconds(content, "expires_in"),
            refresh_token=require_text(content, "refresh_token"),
            refresh_expires_in=_seconds(content, "refresh_expires_in"),
        )

    def _post(self, path, fields):
        status, content = self._client.call("POST", self._base + path, data={**self._app, **fields})
        # TikTok has been seen to send errors with HTTP 200: the field decides.
        if content.get("error"):
            raise _refusal(content)
        if status >= 400:
            raise without_reason(status)
        return content


def ends_consent(error, *, is_over):
    """Tell whether an error of a renewal says that the consent is gone.

    TikTok need not say so of a refresh token that has outlived its time: any refusal of it will
    do, but of the app's own keys, which a person may mend.

    :param Exception error: of `LoginKit.refresh`
    :param bool is_over: whether the refresh token has outlived its time
    :rtype: bool
    """
    if isinstance(error, ReconnectError):
        return True
    if not is_over or not isinstance(error, (NotAllowedError, WrongRequestError)):
        return False
    said = f"{error.code} {error}".lower()
    return not any(word in said for word in _KEYS)


def _seconds(content, name):
    """Return a positive number of seconds."""
    try:
        found = int(content[name])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise missing(name) from None
    if found <= 0:
        raise missing(name)
    return found


def _refusal(content):
    error = content["error"]
    if isinstance(error, dict):  # the other envelope of the same platform
        content = {"error": error.get("code"), "error_description": error.get("message"), **error}
    code = str(content["error"])[:100]
    kind = next(
        (
            kind
            for codes, kind in (
                (_RETRY, RetryLaterError),
                (_DEAD, ReconnectError),
                (_NOT_ALLOWED, NotAllowedError),
            )
            if code in codes
        ),
        WrongRequestError,
    )
    description = str(content.get("error_description") or "")[:300]
    return kind(description or code, code, str(content.get("log_id") or ""))
