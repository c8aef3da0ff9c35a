"""How many leads a second are answered with 200."""

import statistics
import time

from dev import console
from dev.bench import bodies, wrk
from dev.bench.client import post
from dev.bench.stage import EMPTY_PATH, RULE_PATH

ROUNDS = 5
SECONDS = 4
BIG_SECONDS = 2
BIG = 1_000
BIG_POSTS = 10
RULE_FACTOR, EMPTY_FACTOR, BIG_LIMIT = 10, 0.65, 0.25


def run(stage, report):
    """Alternate all kinds of load, so that a noisy machine is noisy for all of them."""
    console.step(f"Load: {ROUNDS} rounds of {SECONDS} s, {wrk.CONNECTIONS} connections, 2 workers")
    kinds = {
        "empty": ("empty public route", empty),
        "rule": ("automation rule's webhook makes the lead", rule),
        "ours": ("ours, 1 lead a POST", ours),
        "elsewhere": ("ours, 1 lead a POST, job runs on another node", ours_elsewhere),
        "big": ("ours, 1,000 leads a POST, job runs on another node", ours_big),
    }
    for path in (EMPTY_PATH, RULE_PATH, stage.path):
        wrk.run(stage.url(path), stage.new_run(), seconds=1)
    stage.wait_drained()
    found = {key: [] for key in kinds}
    for number in range(ROUNDS):
        for key, (label, function) in kinds.items():
            result = function(stage, report)
            found[key].append(result)
            console.line(f"    round {number + 1}: {label}: {result['rate']:,.0f}/s")
    rows = [_row(label, found[key]) for key, (label, _function) in kinds.items()]
    header = ("", "leads/s", "lowest", "highest", "p50 ms", "p99 ms", "CPU ms/POST")
    title = f"Acknowledged, median of {ROUNDS} rounds"
    report.table(title, (*header, "waiting", "gone after s"), rows)
    _goals(report, found)
    _big_posts(stage, report)


def _row(label, results):
    rates = [result["rate"] for result in results]
    return (
        *(label, statistics.median(rates), min(rates), max(rates)),
        *(_median(results, "p50"), _median(results, "p99"), _median(results, "cpu")),
        *(_median(results, "waiting"), _median(results, "gone")),
    )


def _median(results, key):
    found = [result[key] for result in results if result.get(key) is not None]
    return statistics.median(found) if found else None


def _goals(report, found):
    """Compare round by round: what disturbs one kind of load disturbs its neighbours too."""
    for key, where in (("ours", ""), ("elsewhere", ", job on another node")):
        for other, name, factor in (
            ("rule", "an automation rule", RULE_FACTOR),
            ("empty", "an empty route", EMPTY_FACTOR),
        ):
            pairs = zip(found[key], found[other], strict=True)
            ratio = statistics.median(own["rate"] / base["rate"] for own, base in pairs)
            what = f"acknowledged leads/s against {name}{where}"
            report.goal(what, f"{ratio:.2f} x", f"at least {factor} x", ratio >= factor)


def empty(stage, report):
    """Post to a route that does nothing."""
    return _load(stage, report, EMPTY_PATH)[0]


def rule(stage, report):
    """Post to the automation rule, which makes a lead in the request."""
    result, number = _load(stage, report, RULE_PATH)
    query = "SELECT count(*), count(DISTINCT referred) FROM crm_lead WHERE referred LIKE %s"
    made, different = stage.rows(query, f"{bodies.prefix(number)}%")[0]
    if result["posts"] > made or made != different:
        raise console.Stop(f"The rule made {made} leads of {result['posts']} posts: see the log.")
    return result


def ours(stage, report):
    """Post to our webhook while the job makes leads of what comes."""
    result, number = _load(stage, report, stage.path)
    result["waiting"] = stage.waiting()
    result["gone"] = stage.wait_drained()
    _check_stored(stage, report, result, number, leads=True)
    return result


def ours_elsewhere(stage, report):
    """Post to our webhook while the job is another node's."""
    return _held(stage, report)


def ours_big(stage, report):
    """Post a thousand leads in each POST."""
    return _held(stage, report, leads=BIG, seconds=BIG_SECONDS, connections=2)


def _held(stage, report, **options):
    with stage.held_job():
        result, number = _load(stage, report, stage.path, **options)
        time.sleep(1)  # what was under way when wrk stopped
        result["waiting"] = stage.waiting()
        count, connections = options.get("leads", 1), options.get("connections", wrk.CONNECTIONS)
        _check_stored(stage, report, result, number, count=count, spare=count * connections)
        stage.discard()
    return result


def _load(stage, report, path, **options):
    number = stage.new_run()
    before = stage.node.cpu_seconds()
    result = wrk.run(stage.url(path), number, **{"seconds": SECONDS, **options})
    result["cpu"] = 1000 * (stage.node.cpu_seconds() - before) / max(result["posts"], 1)
    good = result["posts"] - result["refused"]
    result["rate"] = good * options.get("leads", 1) / result["seconds"]
    if result["refused"] or result["broken"]:
        detail = f"{result['refused']} refused, {result['broken']} broken of {result['posts']}"
        report.check(f"every POST to {path.partition('?')[0]} is answered with 200", False, detail)
    return result, number


def _check_stored(stage, report, result, number, *, count=1, spare=wrk.CONNECTIONS, leads=False):
    """Compare answers with rows: at the end wrk leaves some POSTs without reading their answer."""
    answered = (result["posts"] - result["refused"]) * count
    events, uids, made, made_uids = stage.tally(bodies.prefix(number))
    good = answered <= events <= answered + spare and events == uids
    good = good and (not leads or made == made_uids == events)
    detail = f"{answered:,} answered, {events:,} stored" + (f", {made:,} leads" if leads else "")
    if not good:
        report.check("as many events and leads as answers, none twice", False, detail)


def _big_posts(stage, report):
    """Time single POSTs of 1,000 leads with the job running, then look for every lead."""
    times, number = [], stage.new_run()
    all_uids = bodies.uids(number, BIG * BIG_POSTS)
    for i in range(BIG_POSTS):
        body = bodies.body(all_uids[i * BIG : (i + 1) * BIG])
        status, seconds = post(stage.url(stage.path), body)
        report.check("a POST of 1,000 is answered with 200", status == 200, str(status)) if (
            status != 200
        ) else times.append(seconds)
        time.sleep(0.2)
    waited = stage.wait_drained()
    events, _uids, made, made_uids = stage.tally(bodies.prefix(number))
    report.check(
        f"{BIG_POSTS} POSTs of 1,000 leads make {BIG * BIG_POSTS:,} leads",
        events == made == made_uids == BIG * BIG_POSTS,
        f"{events:,} events, {made:,} leads, all {waited or float('nan'):.1f} s after the last",
    )
    middle, longest = statistics.median(times), max(times)
    rows = [(f"one POST of 1,000 leads ({len(times)} times)", middle * 1000, longest * 1000)]
    report.table("Big deliveries", ("", "median ms", "max ms"), rows)
    report.goal(
        "a POST of 1,000 leads, longest of 10",
        f"{longest:.3f} s",
        f"at most {BIG_LIMIT} s",
        longest <= BIG_LIMIT,
    )
