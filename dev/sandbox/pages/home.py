"""The first page: what there is, and where."""

from flask import Blueprint, render_template

from dev.sandbox.pages.common import world

bp = Blueprint("home", __name__)


@bp.get("/")
def index():
    """Show the ways in."""
    state = world()
    return render_template(
        "home.html",
        base=state.base_url,
        forms=[form for form in state.forms.values() if form.status == "PUBLISHED"],
        creators=state.creators.values(),
    )
