"""What the CRM reported: the events of each lead, and the audiences."""

from flask import Blueprint, render_template

from dev.sandbox.business import audience
from dev.sandbox.pages.common import world

bp = Blueprint("signals", __name__, url_prefix="/signals")
SHOWN = 50


@bp.get("/")
def index():
    """Show the events by lead, the lead of the newest event first."""
    state = world()
    with state.lock:
        by_lead = {}
        for event in reversed(state.events):
            by_lead.setdefault((event.get("lead") or {}).get("lead_id", ""), []).insert(0, event)
        return render_template(
            "signals.html",
            by_lead=list(by_lead.items())[:SHOWN],
            total=len(state.events),
            copies=sum(event["copies"] for event in state.events),
            sets=state.event_sets,
            audiences=[audience.describe(state, each) for each in state.audiences.values()],
        )
