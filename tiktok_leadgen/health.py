"""What a monitoring system reads: counts and ages of the whole database, no personal data."""

import datetime
import hmac
import secrets

from . import const, settings
from .tiktok import signature
from .tiktok.errors import SealError

PARAMETER = "tiktok_leadgen.health_token_hash"
PREFIX = "tiktok_leadgen"
# The label under which a section's counts appear, where they are one measure by kind.
LABELS = {"deliveries": "state", "accounts": "state", "ad_accounts": "state", "watchdog": "health"}
RANKS = ("ok", "warning", "critical")


def replace_token(env):
    """Create a new token; the old one no longer counts, and only the hash is stored.

    :param odoo.api.Environment env: as superuser
    :return: the token
    :rtype: str
    """
    token = secrets.token_urlsafe(const.WEBHOOK_TOKEN_BYTES)
    env["ir.config_parameter"].set_param(PARAMETER, signature.hash_token(token))
    return token


def accepts_token(env, token):
    """Tell whether a token is the current one.

    :param odoo.api.Environment env: as superuser
    :param str token: of the request, empty for none
    :rtype: bool
    """
    known = env["ir.config_parameter"].get_param(PARAMETER) or ""
    given = signature.hash_token(token)
    return bool(known and given) and hmac.compare_digest(known, given)


def measure(env):
    """Measure everything.

    :param odoo.api.Environment env: as superuser
    :return: sections of counts, ages in seconds and switches, with the status and the problems
    :rtype: dict
    """
    queue = env["tiktok.queue.status"]._get_queue_status()
    found = {
        "queue": {
            "waiting": queue.waiting,
            "oldest_seconds": round(queue.seconds, 3),
            "cause": queue.cause,
        },
        "deliveries": _count_by(env["tiktok.event"], "state", ("failed", "quarantined")),
        "accounts": _count_by(env["tiktok.account"], "state"),
        "ad_accounts": _count_by(env["tiktok.advertiser"], "state"),
        "watchdog": _count_by(env["tiktok.advertiser"], "health", ("broken", "unchecked")),
        "subscriptions": {"count": env["tiktok.subscription"].search_count([])},
        "key": _measure_key(env),
        "scheduled_actions": _measure_jobs(env),
        "reconciliation": _measure_reconciliation(env),
    }
    problems = _find_problems(found)
    worst = max((rank for _name, rank in problems), key=RANKS.index, default="ok")
    return {"status": worst, "problems": dict(problems), **found}


def _count_by(model, name, values=None):
    """Count records by a selection field.

    :param model: an empty recordset
    :param str name: of the field
    :param values: of the field that are counted; all without it
    :rtype: dict[str, int]
    """
    selection = model._fields[name]._description_selection(model.env)
    values = values or [value for value, _label in selection]
    domain = [(name, "in", list(values))]
    counts = dict(model.with_context(active_test=False)._read_group(domain, [name], ["__count"]))
    return {value: counts.get(value, 0) for value in values}


def _measure_key(env):
    """Find out whether secrets can be encrypted, and the stored ones decrypted.

    :param odoo.api.Environment env: as superuser
    :rtype: dict
    """
    try:
        settings.sealer()
    except SealError:
        return {"usable": False, "lost_secrets": None}
    return {"usable": True, "lost_secrets": env["tiktok.secrets"]._count_lost_secrets()}


def _measure_jobs(env):
    """Find out which scheduled actions are off, and when a cron worker was seen last.

    :param odoo.api.Environment env: as superuser
    :rtype: dict
    """
    data = [("module", "=", PREFIX), ("model", "=", "ir.cron")]
    ids = env["ir.model.data"].search(data).mapped("res_id")
    jobs = env["ir.cron"].with_context(active_test=False).browse(ids).exists()
    job = env.ref(const.CRON_XMLID, raise_if_not_found=False)
    return {
        "off": len(jobs.filtered(lambda each: not each.active)),
        "failing": len(jobs.filtered("failure_count")),
        "worker_seen_seconds": _get_age(env, job and job.lastcall),
    }


def _measure_reconciliation(env):
    """Find out when a reconciliation ended last, and how many have not ended.

    :param odoo.api.Environment env: as superuser
    :rtype: dict
    """
    runs = env["tiktok.reconciliation"]
    last = runs.search([("state", "=", "done")], order="done_at desc", limit=1)
    return {
        "open": runs.search_count([("state", "in", ("waiting", "running"))]),
        "done_seconds": _get_age(env, last.done_at),
    }


def _get_age(env, moment):
    """Return the seconds since a moment, by the database's clock.

    :param odoo.api.Environment env: of the request
    :param datetime moment: UTC, False for none
    :rtype: float | None
    """
    if not moment:
        return None
    return max(round((env.cr.now() - moment) / datetime.timedelta(seconds=1)), 0)


def _find_problems(found):
    """Judge what was measured by the thresholds of the operator's guide.

    :param dict found: the sections
    :return: pairs of a section and "warning" or "critical"
    :rtype: list[tuple[str, str]]
    """
    queue, jobs, key = found["queue"], found["scheduled_actions"], found["key"]
    seen, done = jobs["worker_seen_seconds"], found["reconciliation"]["done_seconds"]
    has_ads = found["ad_accounts"]["connected"] > 0
    judged = (
        ("queue", queue["oldest_seconds"], const.SLOW_SECONDS, const.HEALTH_QUEUE_SECONDS),
        ("deliveries", sum(found["deliveries"].values()), 0, None),
        ("accounts", found["accounts"]["expired"], 0, None),
        ("watchdog", found["watchdog"]["broken"], None, 0),
        ("key", int(not key["usable"]) + (key["lost_secrets"] or 0), None, 0),
        ("scheduled_actions", jobs["off"] + jobs["failing"], 0, None),
        ("scheduled_actions", seen or 0, None, const.HEALTH_WORKER_SECONDS),
        ("reconciliation", (has_ads and done) or 0, const.HEALTH_RECONCILIATION_SECONDS, None),
    )
    problems = []
    for name, value, warning, critical in judged:
        if critical is not None and value > critical:
            problems.append((name, "critical"))
        elif warning is not None and value > warning and (name, "critical") not in problems:
            problems.append((name, "warning"))
    return problems


def format_prometheus(found):
    """Return what was measured in the text format of Prometheus.

    :param dict found: of `measure`
    :rtype: str
    """
    metrics = {"status": [("", RANKS.index(found["status"]))]}
    if found["queue"]["cause"]:
        metrics["queue_cause"] = [(f'{{cause="{found["queue"]["cause"]}"}}', 1)]
    for section in found.keys() - {"status", "problems"}:
        values, label = found[section], LABELS.get(section)
        if label:
            metrics[section] = [(f'{{{label}="{key}"}}', count) for key, count in values.items()]
            continue
        for key, value in values.items():
            if isinstance(value, (int, float)):
                metrics[f"{section}_{key}"] = [("", value)]
    lines = []
    for name, samples in sorted(metrics.items()):
        lines.append(f"# TYPE {PREFIX}_{name} gauge")
        lines += [f"{PREFIX}_{name}{label} {value + 0}" for label, value in samples]
    return "\n".join(lines) + "\n"
