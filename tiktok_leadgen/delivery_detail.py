"""What the page of a delivery shows beside its fields: its request, its way to a lead, as curl."""

import json
import shlex
import threading
from datetime import timedelta

from markupsafe import Markup

from odoo.tools.misc import real_time

from .tiktok import values
from .tiktok.redacted import MILLISECONDS_KEY

STATES = [
    ("pending", "Waiting"),
    ("done", "Done"),
    ("ignored", "Ignored"),
    ("failed", "Failed"),
    ("quarantined", "Quarantined"),
]
KINDS = [
    ("lead", "Lead"),
    ("account", "Account event"),
    ("other", "Not a lead"),
    ("unreadable", "Unreadable"),
]
SOURCES = [
    ("webhook", "Webhook"),
    ("backfill", "Backfill"),
    ("import", "Import"),
    ("test", "Test"),
]
VERIFICATIONS = [
    ("token", "Valid token"),
    ("signature", "Valid signature"),
    ("both", "Valid token and signature"),
    ("open", "None required"),
    ("person", "Accepted by a person"),
    ("export", "Verified by TikTok's export"),
    ("internal", "Created in Odoo"),
    ("none", "Unverified"),
]
SIGNATURES = [
    ("right", "Valid"),
    ("wrong", "Invalid"),
    ("missing", "Missing"),
    ("unchecked", "Not checked"),
]
DECISIONS = [("accept", "Accept"), ("discard", "Discard"), ("restore", "Restore")]
# Of the network that a request came from: its address is not stored.
ADDRESS_CLASSES = [
    ("loopback", "This server or its proxy"),
    ("private", "Private network"),
    ("public_v4", "Internet (IPv4)"),
    ("public_v6", "Internet (IPv6)"),
]
JSON_TYPE = "application/json"
SHOWN_CHARS = 256 * 1024  # of a raw payload, in the form; the rest stays in the database
_TABLE = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
_ROW = Markup('<tr><th class="fw-normal text-muted w-25" dir="ltr">%s</th><td>%s</td></tr>')
_SHOWN = Markup('<code class="o_tiktok_address text-body" dir="ltr">%s</code>')
_HIDDEN = Markup('<span class="text-muted fst-italic">%s</span>')


def format_raw(raw):
    """Return a raw payload as it is shown.

    :param str raw: JSON, or a body that could not be read
    :rtype: str
    """
    if len(raw) > SHOWN_CHARS:
        return f"{values.remove_unstorable(raw[:SHOWN_CHARS])} …"
    try:
        return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return values.remove_unstorable(raw)


def measure_request():
    """Return how long the request of this thread has taken.

    :return: milliseconds, None outside a request
    :rtype: int | None
    """
    began = getattr(threading.current_thread(), "perf_t0", None)
    return None if began is None else max(0, round((real_time() - began) * 1000))


def read_headers(event):
    """Return what was stored of the request of a delivery.

    :param event: tiktok.event
    :return: as `redacted.describe_headers` returns it
    :rtype: dict
    """
    return json.loads(event.headers or "{}")


def render_headers_table(env, headers):
    """Render the headers of a request as a table; of what may be secret only the length.

    :param env: environment of the reader, for the language
    :param dict headers: of `read_headers`
    :return: the table, empty without headers
    :rtype: Markup
    """
    rows = [
        _ROW
        % (
            name,
            _SHOWN % value
            if isinstance(value, str)
            else _HIDDEN % env._("Hidden (characters: %s)", value),
        )
        for name, value in headers.items()
        if not name.startswith(":")
    ]
    return _TABLE % Markup().join(rows) if rows else Markup()


def build_timeline(event):
    """Return the way of a delivery: submitted, received, stored, processed, lead.

    The client names the steps and formats the times.

    :param event: tiktok.event, read with rights on its attempts
    :return: a dict for each step: ``step``, ``state``, and where known ``at`` (UTC), ``ms`` since
        the step before, ``result``, ``attempts`` and ``lead`` (ID and name)
    :rtype: list[dict]
    """
    took = read_headers(event).get(MILLISECONDS_KEY)
    began = event.received_at and event.received_at - timedelta(milliseconds=took or 0)
    steps = [_build_step("received", began)]
    if event.submitted_at:
        steps.insert(0, _build_step("submitted", event.submitted_at))
    steps.append(_build_step("stored", event.received_at, ms=took))
    return [*steps, _build_processed_step(event), _build_lead_step(event)]


def _build_step(step, moment, state="done", **details):
    at = moment and moment.isoformat(timespec="milliseconds")
    known = {name: value for name, value in details.items() if value is not None}
    return {"step": step, "state": state, **({"at": at} if at else {}), **known}


def _build_processed_step(event):
    """Return the step of the last attempt; a delivery that is ignored or quarantined has none.

    :param event: tiktok.event
    :rtype: dict
    """
    attempt = event.attempt_ids[:1]
    if not attempt:
        state = {"pending": "waiting", "done": "done"}.get(event.state, "stopped")
        return _build_step("processed", event.done_at, state, result=event.state)
    state = {"done": "done", "retry": "waiting"}.get(attempt.result, "stopped")
    # An attempt is stored after its lead.
    moment = min(attempt.attempted_at, event.done_at or attempt.attempted_at)
    return _build_step(
        "processed",
        moment,
        state,
        ms=_count_milliseconds(event.received_at, moment),
        result=attempt.result,
        attempts=len(event.attempt_ids),
    )


def _build_lead_step(event):
    if event.kind != "lead" or not event.lead_id:
        return _build_step("lead", None, "waiting" if event.state == "pending" else "stopped")
    lead = event.lead_id
    # It may belong to another company by now.
    name = lead.display_name if lead.has_access("read") else ""
    total = _count_milliseconds(event.received_at, event.done_at)
    return _build_step("lead", event.done_at, ms=total, lead={"id": lead.id, "name": name})


def _count_milliseconds(start, end):
    """Return the time between two moments.

    :param datetime.datetime start: or False
    :param datetime.datetime end: or False
    :return: milliseconds, None if one is unknown
    :rtype: int | None
    """
    return round((end - start).total_seconds() * 1000) if start and end else None


def count_lead_milliseconds(event):
    """Return how long a delivery took to become a lead, 0 if it did not.

    :param event: tiktok.event
    :rtype: int
    """
    if event.state != "done" or not event.lead_id:
        return 0
    return _count_milliseconds(event.received_at, event.done_at) or 0


def build_curl(url, kind, raw):
    """Return the command that posts a delivery again.

    :param str url: of the webhook, its token masked
    :param str kind: of the delivery
    :param str raw: what is stored of it
    :return: for a shell
    :rtype: str
    """
    if kind == "lead":  # its entry alone is stored
        raw = f'{{"object":1,"entry":[{raw}]}}'
    lines = [
        f"curl -X POST {shlex.quote(url)}",
        f"-H {shlex.quote(f'Content-Type: {JSON_TYPE}')}",
        f"--data-raw {shlex.quote(raw)}",
    ]
    return " \\\n  ".join(lines)


def warn_switched_off(events):
    """Return the action that warns that a replay creates no lead.

    :param events: tiktok.event whose company has turned lead generation off
    :rtype: dict
    """
    action = events._show_message(
        events.env._(
            "No lead will be created from these deliveries (%s): lead generation is "
            "turned off for the company. Turn it on under CRM → Integrations → "
            "TikTok, then replay again.",
            len(events),
        )
    )
    action["params"].update(type="warning", sticky=True)
    return action
