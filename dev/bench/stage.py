"""The database and the Odoo that are measured."""

import contextlib
import hashlib
import itertools
import os
import pathlib
import random
import signal
import time

import psycopg2

from dev import odoo_rpc, paths, process
from dev.site import Site, free_port

ADDONS = pathlib.Path(__file__).with_name("addons")
RULE_PATH = "/web/hook/5f0d3c1e-0000-4000-8000-0000000be9c4"
EMPTY_PATH = "/bench/empty"
CRON = "tiktok_leadgen.ir_cron_process_events"


class BenchSite(Site):
    """A database without demo data, with the addon that we are measured against."""

    extra_env = {}  # of the processes that look inside

    def __init__(self):
        super().__init__("bench", addons=(*paths.ADDONS, "tiktok_bench"), prefer_debian=True)

    @property
    def env(self):
        """The environment for Odoo, with what a part adds."""
        return {**super().env, **self.extra_env}

    def configure(self, **options):
        """Put the bench's own addon on the path: of this configuration only.

        With a filter Odoo lists the databases in every request without a session, which costs
        four times as much as all the rest: one database is named instead.
        """
        options["addons_path"] = f"{self.odoo.addons},{paths.ROOT},{ADDONS}"
        options["dbfilter"] = ""
        super().configure(**options)

    def _digest(self):
        sources = (path for path in ADDONS.rglob("*") if path.suffix in (".py", ".xml"))
        found = [path.read_text() for path in sorted(sources)]
        return f"{super()._digest()} {hashlib.sha256(''.join(found).encode()).hexdigest()}"


class Node:
    """One Odoo: a master process with its workers."""

    def __init__(self, site, name="bench"):
        self.site = site
        self.name = name
        self.port = free_port()
        self._process = None

    def start(self, workers=2, jobs=2):
        """Serve until it answers, replacing what ran before.

        :param int workers: HTTP workers
        :param int jobs: workers for scheduled actions
        """
        if self._process and not self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # workers that outlived their master
        counts = ["--workers", str(workers), "--max-cron-threads", str(jobs)]
        ports = ["--http-port", str(self.port), "--gevent-port", str(free_port())]
        command = self.site.command(*ports, *counts)
        self._process = process.start(self.name, command, env=self.site.env)
        url = f"http://127.0.0.1:{self.port}/web/health"
        process.wait_http(url, self._process, 90, self.name)

    def alive(self):
        """Tell whether the master lives.

        :rtype: bool
        """
        return self._process.poll() is None

    def stop(self):
        """Stop it in order."""
        process.stop(self.name)

    def kill(self):
        """Kill the master and every worker at the same time, as a power cut would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def workers(self, kind="WorkerHTTP"):
        """Return the ids of the workers of a kind that live.

        :param str kind: WorkerHTTP or WorkerCron
        :rtype: list[int]
        """
        found = []
        for line in (paths.LOGS / f"{self.name}.log").read_text(errors="replace").splitlines():
            if f"Worker {kind} (" in line and line.rstrip().endswith("alive"):
                found.append(int(line.rpartition("(")[2].partition(")")[0]))
        return [pid for pid in found if _parent(pid) == self._process.pid]

    def cpu_seconds(self):
        """Return how much processor time the living HTTP workers have used.

        :rtype: float
        """
        fields = [_stat(pid) for pid in self.workers()]
        ticks = sum(int(found[11]) + int(found[12]) for found in fields if found)
        return ticks / os.sysconf("SC_CLK_TCK")


class Stage:
    """A fresh copy of the prepared database, and one node that serves it.

    :param int many: leads of a reconciliation or an import
    """

    def __init__(self, many):
        self.many = many
        self.site = BenchSite()
        self.site.prepare()
        self._prepared = self.site.database
        self.site.database = f"{self._prepared}_run"
        self.server = self.site.server
        self.node = Node(self.site)
        self.path = None
        self._runs = itertools.count(random.randrange(10_000, 90_000))

    def __enter__(self):
        process.stop(self.node.name)
        self.server.copy(self._prepared, self.site.database)
        self._quieten()
        self.site.configure(http_port=self.node.port)
        self.serve()
        self.path = self._webhook_path()
        return self

    def __exit__(self, *_error):
        self.node.stop()

    def _quieten(self):
        """Switch off what has nothing to do with leads, or leaves this machine.

        CRM's own enrichment sends each new lead's address to a service on the internet.
        """
        self.rows(
            """UPDATE ir_cron SET active = false WHERE id NOT IN (
                   SELECT res_id FROM ir_model_data WHERE module || '.' || name = %s)""",
            CRON,
        )
        self.rows(
            """INSERT INTO ir_config_parameter (key, value)
               VALUES ('crm.iap.lead.enrich.setting', 'manual')
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value"""
        )

    def serve(self, workers=2):
        """Serve with so many HTTP workers."""
        self.node.start(workers)

    def url(self, path):
        """Return the address of a path of the node."""
        return f"http://127.0.0.1:{self.node.port}{path}"

    def new_run(self):
        """Return a number that makes the lead ids of one run.

        :rtype: int
        """
        return next(self._runs)

    def _webhook_path(self):
        session = odoo_rpc.Session(self.url(""), self.site.database)
        config = session.get("/api/integrations/accounts/tiktok-leadgen-config/")
        return config["webhook_url"][config["webhook_url"].index("/api/") :]

    # === THE DATABASE === #

    def connect(self, database=None):
        """Open a connection of our own, each statement its own transaction."""
        server = self.server
        connection = psycopg2.connect(
            dbname=database or self.site.database,
            **{key: value for key, value in server._asdict().items() if value and key != "bindir"},
        )
        connection.autocommit = True
        return connection

    def rows(self, query, *values):
        """Return the rows of a query; each call has its own connection.

        :rtype: list
        """
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, query, *values):
        """Return the one value of a query."""
        return self.rows(query, *values)[0][0]

    def waiting(self):
        """Return how many events wait.

        :rtype: int
        """
        return self.value("SELECT count(*) FROM tiktok_event WHERE state = 'pending'")

    def wait_drained(self, seconds=120):
        """Wait until nothing waits any more.

        :return: how long it took, or None if the time is over
        :rtype: float | None
        """
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if not self.waiting():
                return time.monotonic() - began
            time.sleep(0.05)
        return None

    @contextlib.contextmanager
    def held_job(self):
        """Keep the scheduled action from running, as if another node were running it.

        Everything else is as in production: triggers are written, cron workers are woken.
        """
        with contextlib.closing(self.connect()) as connection:
            connection.autocommit = False
            with connection.cursor() as cursor:
                cursor.execute(
                    """SELECT id FROM ir_cron WHERE id = (
                           SELECT res_id FROM ir_model_data WHERE module || '.' || name = %s)
                          FOR NO KEY UPDATE""",
                    [CRON],
                )
                yield
            connection.rollback()
        self.wake()

    def wake(self):
        """Wake the cron workers, as Odoo does."""
        with (
            contextlib.closing(self.connect("postgres")) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.site.database])

    def discard(self):
        """Drop what waits; only while the job is held."""
        self.rows("DELETE FROM tiktok_event WHERE state = 'pending'")

    def tally(self, prefix):
        """Count what came of the leads whose id begins so.

        :return: events, different lead ids of them, leads, different lead ids of those
        :rtype: tuple
        """
        query = "SELECT count(*), count(DISTINCT {0}) FROM {1} WHERE {0} LIKE %s"
        like = f"{prefix}%"
        return (
            *self.rows(query.format("lead_uid", "tiktok_event"), like)[0],
            *self.rows(query.format("tiktok_lead_uid", "crm_lead"), like)[0],
        )


def _parent(pid):
    found = _stat(pid)
    return int(found[1]) if found else None


def _stat(pid):
    """Return what the kernel says of a process after its name, or None if it is gone."""
    with contextlib.suppress(OSError):
        found = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return found if found[0] != "Z" else None
    return None
