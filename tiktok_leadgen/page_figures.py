"""What the page TikTok shows of a company: deliveries, ad accounts, reconciliation."""

from datetime import timedelta

from odoo.tools.i18n import format_list

from .job_time import read_transaction_clock
from .tiktok.values import isolate

NAMED = 3  # ad accounts that need attention: the first with its problem, the others by name


def count_deliveries(company, day_start):
    """Count the company's deliveries; those of connection tests are left out.

    :param company: res.company with all rights
    :param datetime day_start: when the reader's day began, in UTC
    :return: values of the company's fields
    :rtype: dict
    """
    events = company.env["tiktok.event"]
    mine = [("company_id", "=", company._origin.id), ("reason", "not in", ["connection_test"])]
    today = [*mine, ("kind", "=", "lead"), ("received_at", ">=", day_start)]
    received = dict(events._read_group(today, ["state"], ["__count"]))
    attention = {
        state: (count, since)
        for state, count, since in events._read_group(
            [*mine, ("state", "in", ("pending", "failed", "quarantined"))],
            ["state"],
            ["__count", "received_at:min"],
        )
    }
    quarantined, since = attention.get("quarantined", (0, False))
    last = events.search_fetch(
        [*mine, ("kind", "=", "lead"), ("verification", "!=", "none")], ["received_at"], limit=1
    )
    return {
        "tiktok_last_received_at": last.received_at,
        "tiktok_received_today": sum(received.values()) - received.get("quarantined", 0),
        "tiktok_created_today": received.get("done", 0),
        "tiktok_waiting_count": attention.get("pending", (0,))[0],
        "tiktok_failed_count": attention.get("failed", (0,))[0],
        "tiktok_quarantined_count": quarantined,
        "tiktok_quarantined_since": since,
        "tiktok_wrong_signature_count": count_wrong_signatures(events, mine),
    }


def count_wrong_signatures(events, mine):
    """Count the deliveries of a week with a valid token and an invalid signature.

    :param events: tiktok.event with all rights
    :param list mine: the domain of the company's deliveries
    :return: up to 1000
    :rtype: int
    """
    week = ("received_at", ">=", read_transaction_clock(events.env) - timedelta(days=7))
    wrong = [*mine, week, ("signature", "=", "wrong"), ("verification", "=", "token")]
    return events.search_count(wrong, limit=1000)


def find_advertisers(company, health):
    """Find the ad accounts of a company by the result of the watchdog.

    :param company: res.company with all rights
    :param str health: such as ``broken``
    :rtype: tiktok.advertiser
    """
    domain = [("company_id", "=", company.id), ("health", "=", health)]
    return company.env["tiktok.advertiser"].search(domain)


def describe_health(company):
    """Describe which ad accounts need attention, and which are being repaired.

    :param company: res.company with all rights
    :return: values of the company's fields
    :rtype: dict
    """
    broken = find_advertisers(company, "broken")
    repairing = find_advertisers(company, "repairing")
    return {
        "tiktok_broken_count": len(broken),
        "tiktok_broken_text": _describe_first(broken),
        "tiktok_broken_others": _name_others(broken[1:]),
        "tiktok_broken_fix": broken[:1].health_fix,
        "tiktok_healing_text": _describe_first(repairing),
    }


def _describe_first(advertisers):
    first = advertisers[:1]
    return bool(first) and f"{isolate(first.name)}: {first.health_reason or ''}"


def _name_others(advertisers):
    """Name the other ad accounts that need attention.

    :param advertisers: tiktok.advertiser
    :rtype: str | bool
    """
    if not advertisers:
        return False
    given = [*map(isolate, advertisers[: NAMED - 1].mapped("name"))]
    names = format_list(advertisers.env, given, "unit-short")
    more = len(advertisers) - NAMED + 1
    if more < 1:
        return advertisers.env._("These also need attention: %s", names)
    return advertisers.env._(
        "These also need attention: %(names)s and %(count)s more", names=names, count=more
    )


def describe_reconciliation(company):
    """Describe the last reconciliation of the connected ad accounts.

    :param company: res.company with all rights
    :return: values of the company's fields
    :rtype: dict
    """
    connected = [("state", "=", "connected"), ("company_id", "=", company.id)]
    own = company.env["tiktok.advertiser"].search(connected)
    totals = own._count_reconciled_leads() if own else (0, 0, 0)
    moment = max(own.filtered("reconciled_at").mapped("reconciled_at"), default=False)
    runs = own.reconciliation_id.filtered(lambda run: run.state in ("waiting", "running"))
    days = company.env["tiktok.reconciliation.day"]
    return {
        "tiktok_reconciliation_text": days._describe_totals(*totals, moment),
        "tiktok_reconciliation_at": moment,
        "tiktok_reconciliation_missing": totals[2],
        "tiktok_reconciliation_is_open": bool(runs),
        "tiktok_reconciliation_progress": sum(runs.mapped("progress")) / (len(runs) or 1),
        "tiktok_can_reconcile": bool(own),
    }
