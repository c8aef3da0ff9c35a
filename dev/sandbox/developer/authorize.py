"""The consent screen of Login Kit: exact redirect URI, approved scopes, PKCE."""

import re
import urllib.parse

from flask import Blueprint, current_app, redirect, render_template, request

from dev.sandbox.developer.events import open_id_of
from dev.sandbox.records import AuthCode

bp = Blueprint("authorize", __name__)

CODE_LIFE = 600  # seconds
BASIC = "user.info.basic"
SCOPE_TEXTS = {
    BASIC: "Read your profile: avatar and display name",
    "user.info.profile": "Read your link, bio and whether you are verified",
    "user.info.stats": "Read your numbers of followers, likes and videos",
    "video.list": "Read your public videos",
    "video.upload": "Put drafts into your TikTok inbox",
    "video.publish": "Post to your account",
}
LONGEST_URI, MOST_URIS = 512, 10
LOOPBACK = ("localhost", "127.0.0.1")
HEX = re.compile(r"[0-9a-f]{64}")
BASE64URL = re.compile(r"[A-Za-z0-9_-]{43}")


def _world():
    return current_app.config["WORLD"]


def uri_problem(app, uri):
    """Say why an address may not be registered as redirect URI, or return None.

    Loopback over http is let through for web apps, too: the demo has no certificate.

    :rtype: str | None
    """
    parts = urllib.parse.urlsplit(uri)
    if not parts.scheme or not parts.hostname:
        return "a redirect URI is absolute"
    if len(uri) >= LONGEST_URI:
        return f"a redirect URI has less than {LONGEST_URI} characters"
    if parts.query or parts.fragment:
        return "a redirect URI has no query and no fragment"
    local = parts.hostname in LOOPBACK
    if app.platform == "desktop":
        return None if local and ":" in parts.netloc else "a desktop app's is localhost with a port"
    if parts.scheme != "https" and not local:
        return "a web app's redirect URI is https"
    return None


def matches(app, uri):
    """Tell whether an address is registered: exactly, but a desktop app's port may be ``*``.

    :rtype: bool
    """
    if uri in app.redirect_uris:
        return True
    if app.platform != "desktop":
        return False
    return re.sub(r"^(https?://[^/:]+):\d+", r"\1:*", uri) in app.redirect_uris


def problems(app, args):
    """Return what is wrong with an authorise address, as TikTok's page lists it.

    :param args: the query
    :rtype: list[str]
    """
    if not app:
        return ["client_key"]
    found = []
    if not matches(app, args.get("redirect_uri", "")):
        found.append(f"redirect_uri: {args.get('redirect_uri') or 'missing'} is not registered")
    if args.get("response_type") != "code":
        found.append("response_type: must be code")
    if not args.get("state"):
        found.append("state: missing")
    wrong = [scope for scope in _scopes(args) if scope not in app.scopes]
    if wrong or not _scopes(args):
        found.append(f"scope: {', '.join(wrong) or 'missing'}")
    return found + _challenge_problems(app, args)


def _challenge_problems(app, args):
    challenge = args.get("code_challenge")
    needed = app.platform == "desktop" or app.pkce == "required"
    if not challenge:
        return ["code_challenge: missing"] if needed else []
    if app.pkce == "ignored":
        return []
    if args.get("code_challenge_method") != "S256":
        return ["code_challenge_method: must be S256"]
    return []


def _scopes(args):
    return [each.strip() for each in args.get("scope", "").split(",") if each.strip()]


def _app():
    return _world().developer_apps.get(request.args.get("client_key"))


def _bad(found):
    return render_template("consent_error.html", problems=found), 400


@bp.get("/v2/auth/authorize/")
def consent():
    """Ask the person; or not, if they said yes before and the app wants it so."""
    app, state = _app(), _world()
    found = problems(app, request.args)
    if found:
        return _bad(found)
    known = request.cookies.get("sandbox_creator")
    if request.args.get("disable_auto_auth") == "0" and _granted(app, known):
        return _back({"code": _code(app, known, _scopes(request.args)), **_granted_scopes()})
    return render_template(
        "authorize.html",
        app=app,
        creators=state.creators.values(),
        known=known,
        scopes=[(each, SCOPE_TEXTS.get(each, each)) for each in _scopes(request.args)],
        basic=BASIC,
        host=urllib.parse.urlsplit(request.args["redirect_uri"]).netloc,
    )


def _granted_scopes():
    return {"scopes": ",".join(_scopes(request.args))}


def _granted(app, username):
    wanted = set(_scopes(request.args))
    return any(
        token.username == username and not token.dead and wanted <= set(token.scopes)
        for token in _world().developer_tokens.values()
        if token.client_key == app.client_key
    )


@bp.post("/v2/auth/authorize/")
def decide():
    """Send the browser back with a code, or with an error."""
    app = _app()
    found = problems(app, request.args)
    if found:
        return _bad(found)
    if request.form.get("decision") != "allow":
        why = "The user cancelled the authorization."
        return _back({"error": "access_denied", "error_description": why})
    username = request.form.get("username") or next(iter(_world().creators))
    if username not in _world().creators:
        return _bad(["username: there is no such account"])
    if app.target_users and username not in app.target_users:
        why = "The user is not a target user of the sandbox app."
        return _back({"error": "unauthorized_client", "error_description": why})
    wanted = _scopes(request.args)
    chosen = request.form.getlist("scopes") or wanted
    scopes = [each for each in wanted if each in chosen or each == BASIC]
    answer = _back({"code": _code(app, username, scopes), "scopes": ",".join(scopes)})
    answer.set_cookie("sandbox_creator", username, httponly=True, samesite="Lax")
    return answer


def _code(app, username, scopes):
    """Make a code; it has characters that must be decoded before it is sent back."""
    state, args = _world(), request.args
    with state.lock:
        open_id_of(state, state.creators[username], app.client_key)
        code = f"{state.ids.token('fakecode', 30)}*1!{state.ids.random.randrange(1000, 9999)}.e1"
        grant = {"username": username, "scopes": scopes, "challenge": args.get("code_challenge")}
        expires = state.now() + CODE_LIFE
        uri = args["redirect_uri"]
        state.codes[code] = AuthCode(code, app.client_key, uri, expires, grant)
    return code


def _back(answer):
    answer["state"] = request.args["state"]
    query = urllib.parse.urlencode(answer, safe=",")
    return redirect(f"{request.args['redirect_uri']}?{query}", 302)
