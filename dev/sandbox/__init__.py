"""A local TikTok: both platforms, as strict as the documented ones, with pages to click.

A development tool. The addons know it only as base URLs. ``python -m dev.sandbox`` starts it,
``handle.Sandbox`` drives it from tests and bench. Where to look:

- ``business/``: the API for Business, one file per family of endpoints
- ``developer/``: Login Kit, Display API, Content Posting API
- ``leads.py``, ``outbox.py``, ``signing.py``: leads and events on their way out
- ``publishing.py``, ``images.py``, ``ownership.py``: what becomes of a post
- ``pages/``, ``templates/``: what a person clicks
- ``settings.py``: one switch for everything that TikTok does not publish
- ``world.py``, ``records.py``, ``seed.py``: the state; ``clock.py``, ``scheduler.py``: the time
"""
