"""How fast the screens open in a database of years: lists, pivot, searches, a company's page."""

import statistics
import time
import xml.etree.ElementTree as ElementTree

from dev import console, odoo_rpc
from dev.bench.dashboard import FILL

ROUNDS = 5
LEAD, EVENT, FACTS = "crm.lead", "tiktok.event", "tiktok.lead.report"
GOAL_SECONDS, COMPANY_SECONDS = 1.0, 0.3
PAGE = 80
MORE_EVENTS = """
INSERT INTO tiktok_event (
    state, kind, source, company_id, dedup_key, lead_uid, form_id, lead_id, verification, signature,
    raw, raw_size, received_at, submitted_at, done_at, attempt_count, create_date, write_date
)
SELECT 'ignored', kind, source, company_id, 'again' || number || ':' || lead_uid, NULL, form_id,
       NULL, verification, signature, '{}', 2, received_at, submitted_at, done_at, 1, create_date,
       write_date
  FROM tiktok_event, generate_series(1, 2) AS number
 WHERE state = 'done' AND lead_uid LIKE '60000%%'
    ON CONFLICT DO NOTHING
"""


def run(stage, report):
    """Open each screen as the administrator's browser does."""
    console.step(f"Screens: {stage.many:,} leads over a year, {3 * stage.many:,} deliveries")
    stage.rows(FILL.read_text().replace("%(count)s", str(stage.many)).replace("%%", "%"))
    stage.rows(MORE_EVENTS.replace("%%", "%"))
    stage.rows("VACUUM ANALYZE tiktok_event")
    stage.rows("VACUUM ANALYZE crm_lead")
    there = stage.value("SELECT count(*) FROM crm_lead WHERE tiktok_lead_uid IS NOT NULL")
    report.check(f"{stage.many:,} leads are there", there >= stage.many, f"{there:,}")
    session = odoo_rpc.Session(stage.url(""), stage.site.database)
    rows, slowest = [], {}
    for name, limit, opened in _screens(session, stage.many):
        seconds = [time_call(opened) for _round in range(ROUNDS + 1)][1:]  # without the first
        median = statistics.median(seconds)
        rows.append((name, 1000 * median, 1000 * max(seconds)))
        slowest[limit] = max(slowest.get(limit, 0), median)
    report.table(f"Screens with {stage.many:,} leads", ("", "ms median", "ms slowest"), rows)
    for limit, seconds in sorted(slowest.items()):
        goal = "a company's page" if limit == COMPANY_SECONDS else "every other screen"
        report.goal(goal, f"{seconds:.2f} s", f"below {limit} s", seconds < limit)


def time_call(opened):
    """Return how long one call takes.

    :param opened: a function without arguments
    :return: seconds
    :rtype: float
    """
    began = time.monotonic()
    opened()
    return time.monotonic() - began


def _screens(session, leads):
    """Return what is opened: a name, the limit in seconds, and a function.

    :param dev.odoo_rpc.Session session: of the administrator
    :param int leads: how many there are
    :rtype: list[tuple]
    """
    tiktok = [("tiktok_lead_uid", "!=", False)]
    cases = [
        *(
            (f"overview, {days} days", _call(session, FACTS, "action_overview", days))
            for days in (1, 30, 365)
        ),
        ("leads: list", _Page(session, LEAD, "list").search(tiktok)),
        ("leads: last page", _Page(session, LEAD, "list").search(tiktok, leads - PAGE)),
        (
            "leads: search by name",
            _Page(session, LEAD, "list").search([*tiktok, ("name", "ilike", "Person 4711")]),
        ),
        ("CRM pipeline: columns", _group(session, LEAD, [("active", "=", True)], "stage_id")),
        ("leads: by form and month", _group(session, FACTS, [], "form_id", "received_at:month")),
        (
            "leads: by campaign and salesperson",
            _group(session, FACTS, [], "campaign_name", "user_id"),
        ),
        ("deliveries: list", _Page(session, EVENT, "list").search([])),
        (
            "deliveries: need attention",
            _Page(session, EVENT, "list").search([("state", "in", ("failed", "quarantined"))]),
        ),
        (
            "deliveries: search by lead ID",
            _Page(session, EVENT, "list").search([("lead_uid", "=like", "6%4711")]),
        ),
        ("deliveries: by day and status", _group(session, EVENT, [], "received_at:day", "state")),
    ]
    page = _Page(session, "res.company", "form")
    company = session.call("res.company", "search", [], limit=1)
    found = [(name, GOAL_SECONDS, opened) for name, opened in cases]
    return [*found, ("company", COMPANY_SECONDS, lambda: page.read(company))]


def _call(session, model, method, *args):
    """Return a function that calls a method."""
    return lambda: session.call(model, method, *args)


def _group(session, model, domain, *names):
    """Return a function that counts records by group, as pivot and kanban do."""
    return _call(session, model, "formatted_read_group", domain, list(names), ["__count"])


class _Page:
    """A view as the browser reads it.

    :param dev.odoo_rpc.Session session: of a user
    :param str model: of the records
    :param str kind: list or form
    """

    def __init__(self, session, model, kind):
        self.session, self.model = session, model
        found = session.call(model, "get_views", [[False, kind]], {})
        arch = ElementTree.fromstring(found["views"][kind]["arch"])  # noqa: S314 - of our own Odoo
        fields = found["models"][model]["fields"]
        names = {node.get("name") for node in arch.iter("field")} & fields.keys()
        self.specification = {name: _specify(fields[name]) for name in sorted(names)}

    def search(self, domain, offset=0):
        """Return a function that reads one page of records and counts the rest."""
        options = {"offset": offset, "limit": PAGE, "count_limit": 10_001}
        return lambda: self.session.call(
            self.model, "web_search_read", domain, self.specification, **options
        )

    def read(self, ids):
        """Read records."""
        return self.session.call(self.model, "web_read", ids, self.specification)


def _specify(field):
    """Return what is read of a field.

    :param dict field: its description
    :rtype: dict
    """
    return {"fields": {"display_name": {}}} if field["type"] == "many2one" else {}
