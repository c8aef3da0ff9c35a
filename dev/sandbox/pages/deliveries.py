"""What was sent out, and what was answered."""

import json

from flask import Blueprint, abort, render_template, request

from dev.sandbox import outbox
from dev.sandbox.pages.common import back_to, world

bp = Blueprint("deliveries", __name__, url_prefix="/deliveries")
SHOWN = 200


@bp.get("/")
def index():
    """List deliveries, newest first."""
    state = world()
    with state.lock:
        found = list(reversed(state.deliveries.values()))[:SHOWN]
        total = len(state.deliveries)
    return render_template("deliveries.html", deliveries=found, total=total)


@bp.get("/<delivery_id>")
def show(delivery_id):
    """Show one delivery: its body and every try."""
    delivery = world().deliveries.get(delivery_id) or abort(404)
    try:
        text = json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
    except ValueError:
        text = delivery.body.decode(errors="replace")
    offsets = outbox.SCHEDULES[delivery.kind]
    return render_template("delivery.html", delivery=delivery, text=text, tries=len(offsets))


@bp.post("/<delivery_id>/resend")
def resend(delivery_id):
    """Send the same body again."""
    if delivery_id not in world().deliveries:
        abort(404)
    new = outbox.resend(world(), delivery_id)
    if request.form.get("back") == "leads_center":
        return back_to("leads_center.index")
    return back_to("deliveries.show", delivery_id=new.delivery_id)
