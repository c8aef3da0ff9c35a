"""What the pages share."""

from flask import current_app, redirect, url_for


def world():
    """Return the world that is shown."""
    return current_app.config["WORLD"]


def back_to(endpoint, **values):
    """Send the browser on after a form was posted.

    :param str endpoint: a page's name
    """
    return redirect(url_for(endpoint, **values), 303)
