"""Pages for people: consent screens, forms, Leads Center, feeds, switchboard."""

import datetime

from dev.sandbox.pages import (
    apps,
    creators,
    deliveries,
    forms,
    home,
    leads_center,
    portal,
    signals,
    switchboard,
)

blueprints = (
    home.bp,
    portal.bp,
    forms.bp,
    leads_center.bp,
    deliveries.bp,
    apps.bp,
    creators.bp,
    signals.bp,
    switchboard.bp,
)


def install(app):
    """Give the templates what all of them need.

    :param flask.Flask app: has the world in its configuration
    """
    world = app.config["WORLD"]

    @app.template_filter("moment")
    def moment(seconds):
        when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
        return when.strftime("%d %b %Y, %H:%M:%S UTC")

    @app.template_filter("grouped")
    def grouped(number):
        return f"{number:,}"

    @app.context_processor
    def shared():
        return {"world": world, "now": world.now()}
