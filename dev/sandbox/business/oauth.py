"""Tokens of advertisers: from an ``auth_code``, without end, until they are revoked."""

from dev.sandbox.business.api import (
    BAD_CODE,
    INVALID,
    NOT_ALLOWED,
    TOKEN_DEAD,
    Refused,
    app_of,
    endpoint,
    keyed_app,
    params,
    text,
    world,
)
from dev.sandbox.records import AuthCode, BusinessToken
from dev.sandbox.seed import PERMISSIONS


def authorize(state, app_id, redirect_uri, advertiser_ids, scope):
    """Give a code to the app: what the portal does when the user confirms.

    :param World state: where the code is kept
    :param list scope: numbers of permissions
    :return: the code
    :rtype: str
    """
    code = state.ids.token("fakeauthcode")
    expires = state.now() + state.settings.auth_code_life
    grant = {"advertiser_ids": list(advertiser_ids), "scope": list(scope)}
    state.auth_codes[code] = AuthCode(code, app_id, redirect_uri, expires, grant)
    return code


def grant(state, app_id, advertiser_ids, scope=None):
    """Make a token without a browser.

    :rtype: BusinessToken
    """
    app = state.business_apps[app_id]
    scope = list(app.permissions if scope is None else scope)
    token = BusinessToken(state.ids.token("fakebusinesstoken"), app_id, list(advertiser_ids), scope)
    state.business_tokens[token.token] = token
    return token


def _exchange(app, code):
    found = world().auth_codes.get(code)
    if not found or found.app != app.app_id:
        raise Refused(BAD_CODE, "auth_code is invalid.")
    if found.used:
        raise Refused(BAD_CODE, "auth_code has been used: it works once.")
    if found.expires <= world().now():
        raise Refused(BAD_CODE, "auth_code is expired.")
    found.used = True
    return grant(world(), app.app_id, found.grant["advertiser_ids"], found.grant["scope"])


@endpoint("POST", "/oauth2/access_token/", token=False)
def access_token():
    """Exchange an auth_code."""
    token = _exchange(keyed_app(), text("auth_code", required=True))
    data = {"access_token": token.token, "scope": token.scope}
    if params().get("return_advertiser_ids", True):
        data["advertiser_ids"] = token.advertiser_ids
    return data


@endpoint("POST", "/oauth/token/", token=False)
def oauth_token():
    """Exchange an auth_code under the names of RFC 6749."""
    if text("grant_type", required=True) not in ("authorization_code", "auth_code"):
        raise Refused(INVALID, "grant_type: Must be authorization_code.")
    app = app_of(text("client_id", required=True), text("client_secret", required=True))
    token = _exchange(app, text("code", required=True))
    return {
        "access_token": token.token,
        "scope": token.scope,
        "advertiser_ids": token.advertiser_ids,
    }


@endpoint("POST", "/oauth2/refresh_token/", token=False)
def refresh_token():
    """Refuse: an advertiser's token has no refresh token."""
    raise Refused(40107, "Refresh token is invalid: advertiser tokens do not expire.")


@endpoint("GET", "/oauth2/advertiser/get/", permission=4)
def advertisers(token):
    """List the ad accounts of a token."""
    app = keyed_app()
    if app.app_id != token.app_id:
        raise Refused(NOT_ALLOWED, "The token belongs to another app.")
    names = {each: world().advertisers[each].name for each in token.advertiser_ids}
    return {"list": [{"advertiser_id": uid, "advertiser_name": names[uid]} for uid in names]}


@endpoint("POST", "/oauth2/revoke_token/", token=False)
def revoke_token():
    """End a token; its subscriptions stop delivering without a word."""
    app = keyed_app()
    token = world().business_tokens.get(text("access_token", required=True))
    if not token or token.revoked or token.app_id != app.app_id:
        raise Refused(TOKEN_DEAD, "Access token is incorrect or has been revoked.")
    token.revoked = True
    return {"app_id": app.app_id, "advertiser_ids": token.advertiser_ids}


def scope_of(app, requested):
    """Return the permissions an authorisation gives: those asked for, else the app's.

    :param str requested: the portal's ``scope``, numbers with commas or a JSON list, or ""
    :rtype: list[int]
    """
    numbers = [int(each) for each in requested.strip("[]").split(",") if each.strip().isdigit()]
    return [each for each in numbers if each in PERMISSIONS] or list(app.permissions)
