"""The web application: APIs, pages and control routes over one world."""

import pathlib
import pickle

from flask import Flask

from dev.sandbox import (
    business,
    control,
    developer,
    faults_http,
    outbox,
    pages,
    publishing,
    seed,
)
from dev.sandbox.world import World

BUSINESS = "/open_api/v1.3/"
LEAD_ENDPOINTS = tuple(BUSINESS + path for path in ("page/lead/", "lead/"))
OTHER_HOST = "/biz-api"  # stands for biz-api.tiktok.com
MOST_BYTES = 130 * 1024 * 1024  # of one request: a chunk of a video


class Tasks:
    """What the scheduler may call.

    :param World world: whose tasks
    """

    def __init__(self, world):
        self.world = world

    def deliver(self, delivery_id):
        """Try to deliver a webhook."""
        outbox.deliver(self.world, delivery_id)

    def pull(self, publish_id):
        """Fetch the media of a post."""
        publishing.pull(self.world, publish_id)

    def finish(self, publish_id):
        """Put a post on the feed."""
        publishing.finish(self.world, publish_id)

    def moderate(self, publish_id):
        """Make a post public."""
        publishing.moderate(self.world, publish_id)


def make_world(seed_number=1, start=None, *, empty=False, saved=None):
    """Make a world: the demo's, an empty one, or one of an earlier run.

    :param int seed_number: the same seed makes the same world
    :param start: seconds at which the clock stands still, None for real time
    :param pathlib.Path saved: file of an earlier run, may be missing
    :rtype: World
    """
    world = World(seed_number, start)
    world.scheduler.runner = Tasks(world)
    if saved and saved.exists():
        world.restore(pickle.loads(saved.read_bytes()))
    elif not empty:
        seed.fill(world)
    return world


def save(world, path):
    """Keep a world in a file, all or nothing.

    :param pathlib.Path path: is replaced
    """
    fresh = pathlib.Path(f"{path}.new")
    with world.lock:
        content = pickle.dumps(world.snapshot())
    fresh.write_bytes(content)
    fresh.replace(path)


def create_app(world):
    """Make the application.

    :param World world: what it shows
    :rtype: flask.Flask
    """
    app = Flask(__name__)
    app.config["WORLD"] = world
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.url_map.merge_slashes = False
    faults_http.install(app)
    for blueprint in (business.bp, *developer.blueprints, control.bp, *pages.blueprints):
        app.register_blueprint(blueprint)
    pages.install(app)
    app.wsgi_app = Front(app.wsgi_app, world)
    return app


class Front:
    """What happens before routing: last slashes, and the other host of the lead endpoints.

    :param wsgi_app: the application behind
    :param World world: its switches
    """

    def __init__(self, wsgi_app, world):
        self.wsgi_app = wsgi_app
        self.world = world

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        moved = path.startswith(OTHER_HOST + "/")
        if moved:
            path = environ["PATH_INFO"] = path.removeprefix(OTHER_HOST)
        if path.startswith(("/open_api/", "/v2/")) and not path.endswith("/"):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"404 page not found"]
        if self._moves(path, moved):
            start_response("307 Temporary Redirect", [("Location", self._elsewhere(environ))])
            return [b""]
        return self.wsgi_app(environ, start_response)

    def _moves(self, path, moved):
        wanted = self.world.settings.lead_redirect == "yes"
        return wanted and not moved and path.startswith(LEAD_ENDPOINTS)

    def _elsewhere(self, environ):
        """Return the same address on another host: names differ, the machine does not."""
        host, _, port = environ["HTTP_HOST"].partition(":")
        other = "localhost" if host == "127.0.0.1" else "127.0.0.1"
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        return f"http://{other}:{port or 80}{OTHER_HOST}{environ['PATH_INFO']}{query}"
