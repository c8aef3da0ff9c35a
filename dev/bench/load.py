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
RULE_FACTOR, EMPTY_FACTOR, EMPTY_FACTOR_WITH_JOB, BIG_LIMIT = 10, 0.65, 0.4, 0.25
MORE_WORKERS = 5  # what Odoo's documentation advises for two cores: twice as many and one
KINDS = {
    "empty": "empty public route",
    "rule": "automation rule's webhook makes the lead",
    "ours": "ours, 1 lead a POST",
    "elsewhere": "ours, 1 lead a POST, job runs on another node",
    "big": "ours, 1,000 leads a POST, job runs on another node",
}


def run(stage, report):
    """Alternate all kinds of load, so that a noisy machine is noisy for all of them."""
    console.step(f"Load: {ROUNDS} rounds of {SECONDS} s, {wrk.CONNECTIONS} connections, 2 workers")
    found = _alternate(stage, report, KINDS)
    header = ("", "leads/s", "lowest", "highest", "p50 ms", "p99 ms", "CPU ms/POST")
    header += ("waiting", "gone after s")
    title = f"Acknowledged, median of {ROUNDS} rounds"
    report.table(title, header, [_row(KINDS[key], results) for key, results in found.items()])
    _goals(report, found)
    _big_posts(stage, report)
    console.step(f"Load: the same with {MORE_WORKERS} workers")
    stage.node.stop()
    stage.serve(MORE_WORKERS)
    kinds = {key: label for key, label in KINDS.items() if key != "big"}
    found = _alternate(stage, report, kinds)
    title = f"Acknowledged with {MORE_WORKERS} HTTP workers, median of {ROUNDS} rounds"
    report.table(title, header, [_row(kinds[key], results) for key, results in found.items()])
    _goals(report, found, f", {MORE_WORKERS} workers")


def _alternate(stage, report, kinds):
    """Run some kinds of load, one after the other in each round.

    :param dict kinds: labels by key of `KINDS`
    :return: results of the rounds by key
    :rtype: dict[str, list[dict]]
    """
    for path in (EMPTY_PATH, RULE_PATH, stage.path):
        wrk.run(stage.url(path), stage.new_run(), seconds=1)
    stage.wait_drained()
    found = {key: [] for key in kinds}
    functions = {
        "empty": empty,
        "rule": rule,
        "ours": ours,
        "elsewhere": ours_elsewhere,
        "big": ours_big,
    }
    for number in range(ROUNDS):
        for key, label in kinds.items():
            result = functions[key](stage, report)
            found[key].append(result)
            console.line(f"    round {number + 1}: {label}: {result['rate']:,.0f}/s")
    return found


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


def _goals(report, found, workers=""):
    """Compare round by round: what disturbs one kind of load disturbs its neighbours too.

    :param dict found: results of `_alternate`
    :param str workers: what is said of how many there were
    """
    for key, other, name, factor in (
        ("elsewhere", "rule", "an automation rule, job on another node", RULE_FACTOR),
        ("elsewhere", "empty", "an empty route, job on another node", EMPTY_FACTOR),
        ("ours", "empty", "an empty route, with the job", EMPTY_FACTOR_WITH_JOB),
    ):
        pairs = zip(found[key], found[other], strict=True)
        ratio = statistics.median(own["rate"] / base["rate"] for own, base in pairs)
        what = f"acknowledged leads/s against {name}{workers}"
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
