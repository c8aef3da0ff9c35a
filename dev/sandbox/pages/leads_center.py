"""Leads Center: where the webhook's address is pasted and leads are looked at."""

from flask import Blueprint, Response, render_template, request

from dev.sandbox import leads
from dev.sandbox.business import export
from dev.sandbox.control_business import paste
from dev.sandbox.pages.common import back_to, world
from dev.sandbox.records import NO_ID, ExportTask

bp = Blueprint("leads_center", __name__, url_prefix="/leads-center")
SHOWN = 50


@bp.get("/")
def index():
    """Show webhooks, leads and what became of them."""
    return _show()


def _show(error="", given=None, status=200):
    state = world()
    with state.lock:
        recent = list(reversed(state.leads.values()))[:SHOWN]
        deliveries = [each for each in reversed(state.deliveries.values()) if each.kind == "lead"]
        page = render_template(
            "leads_center.html",
            error=error,
            given=given or {},
            hooks=list(state.subscriptions.values()),
            alive=lambda hook: leads.alive(state, hook),
            deliveries=deliveries[:SHOWN],
            total=len(state.leads),
            leads=recent,
            regions=("", "eu", "us"),
        )
    return page, status


@bp.post("/webhooks")
def add():
    """Paste a webhook's address."""
    given, state = request.form, world()
    url = given.get("callback_url", "").strip()
    detail = {"lead_source": "INSTANT_FORM", "page_id": given.get("page_id", "")}
    kind, _, uid = given.get("owner", "").partition(":")
    detail["library_id" if kind == "library" else "advertiser_id"] = uid
    try:
        with state.lock:
            paste(state, url, detail, given.get("app_id", ""))
    except (ValueError, KeyError) as error:
        return _show(str(error), given, 422)
    return back_to("leads_center.index")


@bp.post("/webhooks/<subscription_id>/remove")
def remove(subscription_id):
    """Take a webhook away."""
    with world().lock:
        world().subscriptions.pop(subscription_id, None)
    return back_to("leads_center.index")


@bp.post("/leads/<lead_id>/resend")
def resend(lead_id):
    """Send a lead again, to whom it concerns now."""
    state = world()
    with state.lock:
        leads.send(state, [state.leads[lead_id]])
    return back_to("leads_center.index")


@bp.post("/leads")
def invent():
    """Submit invented leads."""
    state, given = world(), request.form
    count = min(1000, max(1, given.get("count", 1, type=int)))
    per_post = min(1000, max(1, given.get("per_post", 1, type=int)))
    page_id = given.get("page_id", "")
    with state.lock:
        made = leads.make_many(state, page_id, count)
        leads.send(state, made, per_post=per_post)
    return back_to("leads_center.index")


@bp.get("/forms/<page_id>/leads.csv")
def download(page_id):
    """Give a form's leads as a file, as the button "Download" does."""
    state = world()
    with state.lock:
        form = state.forms[page_id]
        owner = form.library_id if form.library_id != NO_ID else form.advertiser_id
        task = ExportTask("", "", owner, page_id, "", request.args.get("region", ""))
        content = export.table(state, task)
    headers = {"Content-Disposition": f"attachment; filename=leads_{page_id}.csv"}
    return Response(content, mimetype="text/csv", headers=headers)
