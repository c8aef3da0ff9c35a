"""The consent screen of the API for Business."""

import urllib.parse

from flask import Blueprint, redirect, render_template, request

from dev.sandbox.business import oauth
from dev.sandbox.pages.common import world
from dev.sandbox.seed import PERMISSIONS

bp = Blueprint("portal", __name__)


def problem(app, redirect_uri):
    """Say what is wrong with an authorisation address, or return None.

    :rtype: str | None
    """
    if not app:
        return "app_id: there is no such app."
    if not redirect_uri:
        return "redirect_uri: it is missing."
    if redirect_uri not in app.redirect_uris:
        return f"redirect_uri: {redirect_uri} is not registered for this app (exact match)."
    return None


@bp.get("/portal/auth")
@bp.get("/marketing_api/auth")  # the older address
def consent():
    """Ask which ad accounts the app may use."""
    app = world().business_apps.get(request.args.get("app_id"))
    wrong = problem(app, request.args.get("redirect_uri"))
    if wrong:
        return render_template("consent_error.html", problems=[wrong]), 400
    scope = oauth.scope_of(app, request.args.get("scope", ""))
    return render_template(
        "portal.html",
        app=app,
        advertisers=world().advertisers.values(),
        permissions=[PERMISSIONS[each] for each in scope],
        host=urllib.parse.urlsplit(request.args["redirect_uri"]).netloc,
    )


@bp.post("/portal/auth")
@bp.post("/marketing_api/auth")
def decide():
    """Send the browser back with a code, or without one."""
    state = world()
    app = state.business_apps.get(request.args.get("app_id"))
    uri = request.args.get("redirect_uri")
    wrong = problem(app, uri)
    chosen = request.form.getlist("advertiser_ids")
    if not wrong and request.form.get("decision") == "allow" and not chosen:
        wrong = "No ad account was chosen."
    if wrong or any(each not in state.advertisers for each in chosen):
        return render_template("consent_error.html", problems=[wrong or "Unknown account."]), 400
    answer = {"state": request.args.get("state", "")}
    if request.form.get("decision") == "allow":
        scope = oauth.scope_of(app, request.args.get("scope", ""))
        with state.lock:
            code = oauth.authorize(state, app.app_id, uri, chosen, scope)
        answer["auth_code"] = code
        if state.settings.portal_code == "auth_code_and_code":
            answer["code"] = code
    else:
        answer |= {"error": "access_denied", "error_description": "The person said no."}
    glue = "&" if urllib.parse.urlsplit(uri).query else "?"
    return redirect(uri + glue + urllib.parse.urlencode(answer), 302)
