"""Login Kit's token endpoint: exchange, refresh with rotation, revoke."""

import json

from flask import Blueprint, Response, request

from dev.sandbox import faults_http, signing
from dev.sandbox.developer.api import world
from dev.sandbox.developer.authorize import BASE64URL, HEX
from dev.sandbox.developer.events import open_id_of, remove_authorization
from dev.sandbox.records import DeveloperToken

bp = Blueprint("developer_oauth", __name__)

DAY = 86400
LIVES = {"2h/180d": (7200, 180 * DAY), "24h/365d": (DAY, 365 * DAY)}
BAD_VERIFIER = "Code verifier or code challenge is invalid."


class Refused(Exception):
    """An OAuth error: its name and a sentence."""

    def __init__(self, error, description):
        super().__init__(description)
        self.error = error
        self.description = description


def _answer(data, status=200):
    return Response(json.dumps(data), status, mimetype="application/json")


def _guarded(function):
    """Call with the lock held; write a refusal flat, as OAuth errors are."""
    with world().lock:
        try:
            code = faults_http.error_code()
            if code:
                named = code if isinstance(code, str) else "server_error"
                raise Refused(named, "A fault was set for this endpoint.")
            if faults_http.dead_token():
                raise Refused("invalid_grant", "Refresh token is invalid or expired.")
            if request.mimetype != "application/x-www-form-urlencoded":
                raise Refused(
                    "invalid_request", "Content-Type must be application/x-www-form-urlencoded."
                )
            return function()
        except Refused as refusal:
            log_id = world().ids.log_id(world().now())
            flat = {"error": refusal.error, "error_description": refusal.description}
            return _answer({**flat, "log_id": log_id}, int(world().settings.oauth_error_status))


def _field(name):
    value = request.form.get(name, "")
    if not value:
        raise Refused(
            "invalid_request", f"The request parameters are malformed: {name} is missing."
        )
    return value


def _app():
    app = world().developer_apps.get(_field("client_key"))
    if not app or app.client_secret != _field("client_secret"):
        raise Refused("invalid_client", "Client key or secret is incorrect.")
    return app


@bp.post("/v2/oauth/token/")
def token():
    """Give tokens."""
    return _guarded(_token)


def _token():
    app = _app()
    grants = {
        "authorization_code": _exchange,
        "refresh_token": _refresh,
        "client_credentials": _client,
    }
    grant = grants.get(_field("grant_type"))
    if not grant:
        raise Refused("unsupported_grant_type", "grant_type is not supported.")
    return grant(app)


def _exchange(app):
    code, uri = world().codes.get(_field("code")), _field("redirect_uri")
    if not code or code.app != app.client_key:
        raise Refused("invalid_grant", "Authorization code is invalid; was it URL-decoded?")
    if code.used:
        raise Refused("invalid_grant", "Authorization code has been used: it works once.")
    if code.expires <= world().now():
        raise Refused("invalid_grant", "Authorization code is expired.")
    if uri != code.redirect_uri:
        raise Refused(
            "invalid_request", "Redirect_uri is not matched with the uri when requesting code."
        )
    code.used = True
    _check_verifier(app, code.grant["challenge"], request.form.get("code_verifier", ""))
    return _tokens(grant(world(), app.client_key, code.grant["username"], code.grant["scopes"]))


def _check_verifier(app, challenge, verifier):
    """Compare verifier and challenge in the way this app has; TikTok's way is hex."""
    if app.pkce == "ignored" or not (challenge or verifier):
        return
    ways = {
        "base64url": (signing.challenge_base64url,),
        "either": (signing.challenge_hex, signing.challenge_base64url),
    }.get(app.pkce, (signing.challenge_hex,))
    fits = challenge and any(way(verifier) == challenge for way in ways)
    known = HEX.fullmatch(challenge or "") or BASE64URL.fullmatch(challenge or "")
    if not (fits and known and 43 <= len(verifier) <= 128):
        raise Refused("invalid_request", BAD_VERIFIER)


def grant(state, client_key, username, scopes):
    """Make a pair of tokens.

    :rtype: DeveloperToken
    """
    access, refresh = LIVES[state.settings.token_life]
    now = state.now()
    made = DeveloperToken(
        access=state.ids.token("act.fake"),
        refresh=state.ids.token("rft.fake"),
        client_key=client_key,
        username=username,
        scopes=list(scopes),
        access_expires=now + access,
        refresh_expires=now + refresh,
    )
    open_id_of(state, state.creators[username], client_key)
    state.developer_tokens[made.access] = made
    return made


def _refresh(app):
    value = _field("refresh_token")
    if value in world().spent_refresh:
        raise Refused("invalid_grant", "Refresh token has been used: each one works once.")
    old = _by_refresh(value)
    if not old or old.dead or old.client_key != app.client_key:
        raise Refused("invalid_grant", "Refresh token is invalid or expired.")
    if old.refresh_expires <= world().now():
        raise Refused("invalid_grant", "Refresh token is invalid or expired.")
    new = grant(world(), app.client_key, old.username, old.scopes)
    if world().settings.refresh_rotates == "yes":
        world().spent_refresh.add(value)
        old.refresh = ""
    else:
        new.refresh, new.refresh_expires = value, old.refresh_expires
    return _tokens(new)


def _by_refresh(value):
    """Return the newest token of a refresh token."""
    tokens = reversed(world().developer_tokens.values())
    return next((each for each in tokens if each.refresh == value), None)


def _tokens(made):
    creator, now = world().creators[made.username], world().now()
    return _answer(
        {
            "open_id": open_id_of(world(), creator, made.client_key),
            "scope": ",".join(made.scopes),
            "access_token": made.access,
            "expires_in": int(made.access_expires - now),
            "refresh_token": made.refresh,
            "refresh_expires_in": int(made.refresh_expires - now),
            "token_type": "Bearer",
        }
    )


def _client(_app):
    return _answer(
        {
            "access_token": world().ids.token("clt.fake"),
            "expires_in": 7200,
            "token_type": "Bearer",
        }
    )


@bp.post("/v2/oauth/revoke/")
def revoke():
    """End an authorisation: access token in, nothing out."""
    return _guarded(_revoke)


def _revoke():
    app = _app()
    found = world().developer_tokens.get(_field("token"))
    if not found or found.dead or found.client_key != app.client_key:
        raise Refused("invalid_request", "The token is invalid or revoked already.")
    remove_authorization(world(), app.client_key, found.username, 5)
    return Response(b"", 200)
