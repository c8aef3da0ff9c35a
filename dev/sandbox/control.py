"""Control routes: what tests and the bench ask of the sandbox, as JSON over HTTP."""

from flask import Blueprint, current_app, jsonify, request

from dev.sandbox.control_business import BusinessControl
from dev.sandbox.control_developer import DeveloperControl
from dev.sandbox.control_world import WorldControl

bp = Blueprint("control", __name__, url_prefix="/_control")


class Control(WorldControl, BusinessControl, DeveloperControl):
    """Every public method is a route: keyword arguments in, JSON out.

    :param World world: what is controlled
    """

    # These send requests or wait: the lock is theirs to take.
    UNLOCKED = ("flush", "advance", "idle", "verify_property")

    def __init__(self, world):
        self.world = world


@bp.post("/<name>")
def call(name):
    """Call one method of :class:`Control`."""
    if name.startswith("_") or not callable(getattr(Control, name, None)):
        return jsonify(error=f"no control {name!r}"), 404
    world = current_app.config["WORLD"]
    method, values = getattr(Control(world), name), request.get_json(silent=True) or {}
    try:
        if name in Control.UNLOCKED:
            return jsonify(method(**values))
        with world.lock:
            return jsonify(method(**values))
    except KeyError as error:
        return jsonify(error=f"there is no {error.args[0]!r}"), 404
    except (ValueError, TypeError) as error:
        return jsonify(error=str(error)), 400
