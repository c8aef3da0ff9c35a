"""What is measured inside an Odoo: run by `odoo_process`, with a registry of its own."""

import contextlib
import json
import pathlib
import sys
import time

from dev.bench import bodies, inside_team

BATCH = 100  # of the bare create that we are compared with
FILL_BATCH = 1_000
CRON = "tiktok_leadgen.ir_cron_process_events"


class Inside:
    """An Odoo without a server, on the bench's database."""

    def __init__(self, config, database):
        from odoo.modules.registry import Registry
        from odoo.tools import config as options

        options.parse_config(["-c", config, "-d", database, "--log-level", "error"])
        self.registry = Registry(database)
        from odoo.addons.tiktok_leadgen import const

        const.LINGER_SECONDS = 0  # a run that found all waits for what comes next: nothing does

    @contextlib.contextmanager
    def env(self):
        """Give an environment of its own transaction, committed at the end."""
        from odoo import SUPERUSER_ID, api

        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})

    def fill(self, run, count, first=0):
        """Let events come in, by the same door as all.

        :param int run: makes the lead ids
        :param int first: the first of the run's leads
        """
        uids = bodies.uids(run, first + count)[first:]
        with self.env() as env:
            company = env["res.company"].search([], limit=1, order="id")
            token = company.tiktok_webhook_token
            for start in range(0, count, FILL_BATCH):
                env["tiktok.event"]._receive_webhook(
                    bodies.body(uids[start : start + FILL_BATCH]),
                    company=str(company.id),
                    token=token,
                )
                env.cr.postcommit.clear()  # wake no job
                env.cr.commit()

    def waiting(self):
        """Return how many events wait."""
        with self.env() as env:
            return env["tiktok.event"].search_count([("state", "=", "pending")])


def drain(odoo, run, count, rounds):
    """Alternate our job and a bare create of the same values.

    :return: seconds of each round, and of the processor, by kind
    :rtype: dict
    """
    each = count // rounds
    kinds = {
        "ours": drain_ours,
        "assigned": drain_assigned,
        "bare": create_bare,
        "untracked": create_untracked,
    }
    inside_team.assemble(odoo)
    inside_team.set_assignment(odoo, "manual")
    for number, function in enumerate(kinds.values()):
        odoo.fill(run, BATCH, number * BATCH)  # warm caches, forms and campaigns
        function(odoo)
    found, first = {key: [] for key in kinds}, len(kinds) * BATCH
    for _round in range(rounds):
        for key, function in kinds.items():
            odoo.fill(run, each, first)
            first += each
            found[key].append(function(odoo))
    return {"each": each, **found}


def drain_ours(odoo):
    """Run the job until nothing waits."""
    with odoo.env() as env, stopwatch() as took:
        env["tiktok.event"]._cron_process()
    return took


def drain_assigned(odoo):
    """Do the same where each lead gets a salesperson, a call and a notification."""
    inside_team.set_assignment(odoo, "round_robin")
    took = drain_ours(odoo)
    inside_team.set_assignment(odoo, "manual")
    return took


def create_bare(odoo, **context):
    """Create leads of what waits as any module would: in batches, with default context."""
    with odoo.env() as env:
        events = env["tiktok.event"].search([("state", "=", "pending")], order="id")
        pairs = [(event, event._read_lead()) for event in events]
        leads = env["crm.lead"]
        resolved = leads._tiktok_resolve_leads(events.company_id, pairs)
        prepared = leads._tiktok_prepare_batch(events.company_id, resolved)
        vals_list = [each.values for each in prepared]
        env.cr.execute("UPDATE tiktok_event SET state = 'done' WHERE state = 'pending'")
    with odoo.env() as env, stopwatch() as took:
        for start in range(0, len(vals_list), BATCH):
            env["crm.lead"].with_context(**context).create(vals_list[start : start + BATCH])
            env.cr.commit()
    return took


def create_untracked(odoo):
    """Create without chatter and tracking: how far a create can be made lighter."""
    context = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
    return create_bare(odoo, **context, tracking_disable=True, mail_notrack=True)


@contextlib.contextmanager
def stopwatch():
    """Take the time: seconds of the clock and of the processor, into a list."""
    took = []
    began, began_cpu = time.monotonic(), time.process_time()
    yield took
    took += [time.monotonic() - began, time.process_time() - began_cpu]


def scale(odoo, _run):
    """Drain what waits the way Odoo's scheduler does, run after run.

    :rtype: dict
    """
    count = odoo.waiting()
    drain_batch = 0
    before = memory("VmRSS")
    with stopwatch() as took:
        while odoo.waiting():
            with odoo.env() as env:
                env.ref(CRON).method_direct_trigger()
            drain_batch += 1
    return {
        "count": count,
        "seconds": took[0],
        "cpu": took[1],
        "runs": drain_batch,
        "before": before,
        "peak": memory("VmHWM"),
    }


def memory(key):
    """Return a figure of this process's memory in MiB.

    :param str key: VmRSS or VmHWM
    """
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main(config, database, what, *numbers):
    """Do one thing and print what came of it as the last line."""
    odoo = Inside(config, database)
    if what == "profile":
        from dev.bench import inside_profile

        inside_profile.main(odoo, *map(int, numbers))
        return
    functions = {
        "drain": drain,
        "scale": scale,
        "fill": Inside.fill,
        "cron": cron,
        "overview": overview,
        "health_token": health_token,
        "assemble": inside_team.assemble,
        "share": inside_team.share,
    }
    if what in ("connect", "reconcile"):
        from dev.bench import inside_reconciliation

        print(json.dumps(getattr(inside_reconciliation, what)(odoo, *numbers)))
        return
    if what in ("drain_together", "work_beside"):
        from dev.bench import inside_workers

        print(json.dumps(getattr(inside_workers, what)(odoo, *map(int, numbers))))
        return
    if what == "fetch_costs":
        from dev.bench import inside_returns

        print(json.dumps(inside_returns.fetch_costs(odoo, *map(int, numbers))))
        return
    if what in ("upload", "check", "import_file"):
        from dev.bench import inside_import

        print(json.dumps(getattr(inside_import, what)(odoo, *map(int, numbers))))
        return
    print(json.dumps(functions[what](odoo, *map(int, numbers))))


def overview(odoo, rounds):
    """Open the overview as an administrator who is not above the rules.

    :return: seconds of each round, by period in days
    :rtype: dict
    """
    found = {}
    for days in (1, 7, 30, 90, 365):
        for _round in range(rounds):
            with odoo.env() as env, stopwatch() as took:
                admin = env.ref("base.user_admin")
                env["tiktok.lead.report"].with_user(admin).action_overview(days)
            found.setdefault(days, []).append(took[0])
    return found


def health_token(odoo):
    """Create the token that the health route asks for."""
    from odoo.addons.tiktok_leadgen import health

    with odoo.env() as env:
        return health.replace_token(env)


def cron(odoo, *_numbers):
    """Run the job once, as one of several processes at the same time."""
    return drain_ours(odoo)


if __name__ == "__main__":
    main(*sys.argv[1:])
