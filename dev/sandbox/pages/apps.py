"""The two developer portals: keys, redirect URIs, callback, URL properties."""

from flask import Blueprint, abort, render_template, request

from dev.sandbox import ownership
from dev.sandbox.developer import authorize, events
from dev.sandbox.pages.common import back_to, world

bp = Blueprint("apps", __name__, url_prefix="/apps")
PKCE = {
    "hex": "hex, as documented",
    "required": "hex, and insisted on",
    "base64url": "base64url (RFC 7636)",
    "either": "hex or base64url",
    "ignored": "ignored",
}
MOST_URIS = 10


def _app(key):
    state = world()
    return state.business_apps.get(key) or state.developer_apps.get(key) or abort(404)


def _show(error="", at="", status=200):
    page = render_template(
        "apps.html",
        business=world().business_apps.values(),
        developer=world().developer_apps.values(),
        pkce=PKCE,
        error=error,
        at=at,
        file_address=ownership.file_address,
        text=ownership.TEXT,
    )
    return page, status


@bp.get("/")
def index():
    """Show all apps."""
    return _show()


@bp.post("/<key>/redirect-uris")
def redirect_uris(key):
    """Register or remove a redirect URI."""
    app, uri = _app(key), request.form.get("uri", "").strip()
    with world().lock:
        if request.form.get("remove"):
            app.redirect_uris = [each for each in app.redirect_uris if each != uri]
            return back_to("apps.index")
        problem = _uri_problem(key, app, uri)
        if problem:
            return _show(f"{uri or 'The address'}: {problem}.", key, 422)
        app.redirect_uris.append(uri)
    return back_to("apps.index")


def _uri_problem(key, app, uri):
    if len(app.redirect_uris) >= MOST_URIS:
        return f"an app has at most {MOST_URIS} redirect URIs"
    if uri in app.redirect_uris:
        return "it is registered already"
    if key in world().developer_apps:
        return authorize.uri_problem(app, uri)
    return None if "://" in uri else "a redirect URI is absolute"


@bp.post("/<key>/settings")
def settings(key):
    """Change what only the developer platform has."""
    app = world().developer_apps.get(key) or abort(404)
    with world().lock:
        app.webhook_url = request.form.get("webhook_url", "").strip()
        app.pkce = request.form["pkce"] if request.form.get("pkce") in PKCE else app.pkce
        app.platform = "desktop" if request.form.get("platform") == "desktop" else "web"
        app.audited = bool(request.form.get("audited"))
    return back_to("apps.index")


@bp.post("/<key>/ping")
def ping(key):
    """Send ``tiktok.ping`` to the callback."""
    app = world().developer_apps.get(key) or abort(404)
    if not app.webhook_url:
        return _show("Set a callback URL and save it first.", key, 422)
    with world().lock:
        (delivery, *_more) = events.ping(world(), key)
    return back_to("deliveries.show", delivery_id=delivery.delivery_id)


@bp.post("/<key>/properties")
def properties(key):
    """Add a URL property."""
    app, given = world().developer_apps.get(key) or abort(404), request.form
    try:
        with world().lock:
            ownership.add(world(), app, given.get("kind"), given.get("value", "").strip())
    except ValueError as error:
        return _show(str(error), key, 422)
    return back_to("apps.index")


@bp.post("/<key>/properties/<token>/<action>")
def change_property(key, token, action):
    """Verify or remove a URL property."""
    app = world().developer_apps.get(key) or abort(404)
    owned = next((each for each in app.properties if each.token == token), None) or abort(404)
    if action == "remove":
        app.properties.remove(owned)
        return back_to("apps.index")
    problem = ownership.verify(world(), owned)  # asks the owner: not while holding the lock
    return _show(problem, key, 422) if problem else back_to("apps.index")
