"""The switchboard: faults per endpoint, the unknowns, the clock."""

import itertools

from flask import Blueprint, current_app, render_template, request

from dev.sandbox.faults import KINDS
from dev.sandbox.pages.common import back_to, world
from dev.sandbox.settings import Settings

bp = Blueprint("switchboard", __name__, url_prefix="/switchboard")
JUMPS = (("1 minute", 60), ("10 minutes", 600), ("2 hours", 7200), ("1 day", 86400))
API_PREFIXES = ("/open_api/v1.3/", "/v2/", "/portal/")


def endpoints():
    """Return the paths of both platforms, as faults name them.

    :rtype: list[str]
    """
    rules = {rule.rule for rule in current_app.url_map.iter_rules()}
    found = [rule for rule in rules if rule.startswith(API_PREFIXES)]
    return sorted(rule.removeprefix("/open_api/v1.3") for rule in found)


def _show(error="", status=200):
    groups = itertools.groupby(Settings.described(), key=lambda setting: setting[0])
    page = render_template(
        "switchboard.html",
        groups=[(name, list(settings)) for name, settings in groups],
        settings=world().settings,
        rules=list(world().faults.rules),
        kinds=KINDS,
        endpoints=endpoints(),
        jumps=JUMPS,
        error=error,
    )
    return page, status


@bp.get("/")
def index():
    """Show everything that can be broken or turned."""
    return _show()


@bp.post("/clock")
def clock():
    """Move the time forward."""
    world().scheduler.advance(max(0, request.form.get("seconds", 0, type=float)))
    return back_to("switchboard.index")


@bp.post("/faults")
def fault():
    """Set a fault."""
    given = request.form
    value = given.get("value", "").strip() or None
    try:
        if value is not None:
            float(value)
    except ValueError:
        return _show("The value is a number: a status, a code or seconds.", 422)
    times = given.get("times", type=int)
    try:
        world().faults.add(given.get("path", "*").strip() or "*", given.get("kind"), value, times)
    except ValueError as error:
        return _show(str(error), 422)
    return back_to("switchboard.index")


@bp.post("/faults/clear")
def clear():
    """Take all faults away."""
    world().faults.clear()
    return back_to("switchboard.index")


@bp.post("/settings")
def settings():
    """Turn the switches."""
    try:
        with world().lock:
            world().settings.change(request.form.to_dict())
    except ValueError as error:
        return _show(str(error), 422)
    return back_to("switchboard.index")
