"""How fast cost and return open: 500 ads over 400 days, and the leads of all these days.

And how much memory one night takes: TikTok's answers are made up in the process that fetches.
"""

import pathlib
import statistics

from dev import console, odoo_rpc
from dev.bench import odoo_process
from dev.bench.dashboard import FILL
from dev.bench.screens import time_call

COSTS = pathlib.Path(__file__).with_name("returns.sql")
DAYS, ADS = 400, 500
GOAL_SECONDS = 1.0
ROUNDS = 5
FACTS, RETURN = "tiktok.lead.report", "tiktok.return.report"
NIGHT_DAYS = 30
MONEY = ("cost", "cost_per_lead", "cost_per_qualified", "cost_per_won", "won_revenue")
# As the pivot's view is defined, and as the browser asks for it.
MEASURES = [
    *("cost:sum", "lead_count:sum", "tiktok_lead_count:sum", "cost_per_lead:avg"),
    *("qualified_count:sum", "cost_per_qualified:avg", "won_count:sum", "cost_per_won:avg"),
    *("won_revenue:sum", "roas:avg", "currency_id:array_agg_distinct", "__count"),
    *(f"{name}:sum_currency" for name in MONEY),
]
FEW, MANY = 20_000, 200_000  # rows of one night
TOLERANCE = 1.25


def run(stage, report):
    """Open the pivot and the overview as the administrator's browser does.

    :param dev.bench.stage.Stage stage: with its number of leads
    :param dev.bench.report.Report report: for the tables
    """
    console.step(f"Returns: {stage.many:,} leads, {DAYS} days of {ADS} ads")
    for file in (FILL, COSTS):
        stage.rows(file.read_text().replace("%(count)s", str(stage.many)).replace("%%", "%"))
    for table in ("crm_lead", "tiktok_ad_spend"):
        stage.rows(f"VACUUM ANALYZE {table}")
    spends = stage.value("SELECT count(*) FROM tiktok_ad_spend")
    report.check(f"{DAYS * ADS:,} costs are there", spends == DAYS * ADS, f"{spends:,}")
    session = odoo_rpc.Session(stage.url(""), stage.site.database)
    _check_sum(stage, session, report)
    rows, slowest = [], {}
    for name, goal, opened in _list_screens(session):
        seconds = [time_call(opened) for _round in range(ROUNDS + 1)][1:]  # without the first
        median = statistics.median(seconds)
        rows.append((name, 1000 * median, 1000 * max(seconds)))
        slowest[goal] = max(slowest.get(goal, 0), median)
    title = f"Cost and return, {stage.many:,} leads, {DAYS} days of {ADS} ads"
    report.table(title, ("", "ms median", "ms slowest"), rows)
    for what, seconds in slowest.items():
        wanted = f"below {GOAL_SECONDS:.0f} s"
        report.goal(what, f"{seconds:.2f} s", wanted, seconds < GOAL_SECONDS)
    stage.node.stop()
    _measure_fetch(stage, report)


def _measure_fetch(stage, report):
    """Fetch a night of few and of many rows, each in a process of its own.

    :param dev.bench.stage.Stage stage: whose Odoo is stopped
    :param dev.bench.report.Report report: for the table
    """
    found = {}
    for count in (FEW, MANY):
        console.step(f"Nightly fetch: {count:,} rows")
        found[count] = odoo_process.call(stage, "fetch_costs", count)
        stored = found[count]["stored"]
        wanted = count // NIGHT_DAYS * NIGHT_DAYS
        report.check(f"{wanted:,} rows are stored", stored == wanted, f"{stored:,}")
    header = ("", "seconds", "MiB before", "MiB at most")
    names = ("seconds", "before", "peak")
    rows = [(f"{count:,} rows", *map(each.get, names)) for count, each in found.items()]
    report.table("Nightly fetch of the costs", header, rows)
    ratio = found[MANY]["peak"] / found[FEW]["peak"]
    what = f"memory of a night of {MANY:,} rows against {FEW:,}"
    report.goal(what, f"{ratio:.2f} x", f"at most {TOLERANCE} x", ratio <= TOLERANCE)


def _check_sum(stage, session, report):
    """Check that the pivot's total is what the days cost, by the rate of each day."""
    stored = stage.value(
        """SELECT SUM(spend.spend / COALESCE(rate.rate, 1)) FROM tiktok_ad_spend spend
             LEFT JOIN res_currency_rate rate
               ON rate.currency_id = spend.currency_id AND rate.name = spend.date"""
    )
    (shown,) = session.call(RETURN, "formatted_read_group", [], [], ["cost:sum"])
    same = round(100 * stored) == round(100 * shown["cost:sum"])
    report.check("the pivot's total is what TikTok reports", same, f"{stored:.2f}")


def _list_screens(session):
    """Return what is opened: a name, the goal it belongs to, and a function.

    :param dev.odoo_rpc.Session session: of the administrator
    :rtype: list[tuple]
    """
    last = [["date", ">=", "today -89d"]]
    opens, by_lead, overview = "the pivot", "the pivot by what only leads have", "the overview"
    return [
        ("pivot as it opens: campaign, 90 days", opens, _time_pivot(session, last, "campaign_id")),
        ("pivot by campaign, all days", opens, _time_pivot(session, [], "campaign_id")),
        ("pivot by ad, all days", opens, _time_pivot(session, [], "ad_id")),
        ("pivot by campaign and week", opens, _time_pivot(session, [], "campaign_id", "date:week")),
        ("pivot by salesperson, 90 days", by_lead, _time_pivot(session, last, "user_id")),
        ("pivot by salesperson, all days", by_lead, _time_pivot(session, [], "user_id")),
        ("pivot by form, all days", by_lead, _time_pivot(session, [], "form_id")),
        *(
            (f"overview, {days} days", overview, _time_overview(session, days))
            for days in (1, 30, 365)
        ),
    ]


def _time_overview(session, days):
    """Return a function that opens the overview."""
    return lambda: session.call(FACTS, "action_overview", days)


def _time_pivot(session, domain, *names):
    """Return a function that reads the totals and the groups, as the pivot does."""
    sets = [list(names[:count]) for count in range(len(names) + 1)]
    return lambda: session.call(RETURN, "formatted_read_grouping_sets", domain, sets, MEASURES)
