"""Two Odoo nodes on one PostgreSQL with a streaming replica for what is only read."""

import contextlib
import time

import psycopg2

from dev import console, odoo_rpc, postgres
from dev.bench.stage import Node
from dev.bench.traffic import Traffic

PATIENCE_SECONDS = 150
READS = 20
OVERVIEW = ("tiktok.lead.report", "action_overview", 7)
COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
LAG = "SELECT state, coalesce(extract(epoch FROM replay_lag), 0)::float FROM pg_stat_replication"


def run(stage, report):
    """Post to two nodes while screens are read, look at who answered, end the replica."""
    console.step("Replica: two nodes, one PostgreSQL, one streaming replica")
    cluster = postgres.private(prefer_debian=True)
    if not cluster or cluster.name != "debian":
        console.line("    --     no replica: that needs Debian's PostgreSQL on this machine")
        return
    replica = cluster.make_replica("replica")
    other = Node(stage.site, "bench-2")
    try:
        server = replica.start()
        options = {"db_replica_host": server.host, "db_replica_port": server.port}
        stage.site.configure(http_port=stage.node.port, **options)
        stage.serve()
        other.start()
        rows = _measure(stage, report, other, server)
        report.table("Two nodes and a replica", ("", "value"), rows)
        replica.stop()
        with Traffic(stage) as traffic:
            odoo_rpc.Session(stage.url(""), stage.site.database).call(*OVERVIEW)
            time.sleep(1)
        waited = stage.wait_drained(PATIENCE_SECONDS)
        traffic.check(stage, report, "the replica is away: leads and overview go on", waited)
    finally:
        other.stop()
        replica.remove()
        stage.site.configure(http_port=stage.node.port)


def _measure(stage, report, other, server):
    """Post to both nodes while the overview is read from both.

    :return: rows of a table
    :rtype: list[tuple]
    """
    bases = [f"http://127.0.0.1:{node.port}" for node in (stage.node, other)]
    sessions = [odoo_rpc.Session(base, stage.site.database) for base in bases]
    settings = {key: value for key, value in server._asdict().items() if key != "bindir"}
    with contextlib.closing(psycopg2.connect(dbname=stage.site.database, **settings)) as connection:
        connection.autocommit = True
        commits = _query_value(connection, COMMITS)
        began, seconds = time.monotonic(), []
        with Traffic(stage, [base + stage.path for base in bases]) as traffic:
            for number in range(READS):
                started = time.monotonic()
                sessions[number % len(sessions)].call(*OVERVIEW)
                seconds.append(time.monotonic() - started)
        lasted = time.monotonic() - began
        state, lag = stage.rows(LAG)[0]
        waited = stage.wait_drained(PATIENCE_SECONDS)
        time.sleep(1.5)  # until the replica's processes report their statistics
        commits = _query_value(connection, COMMITS) - commits
    traffic.check(stage, report, "leads to two nodes while the overview is read", waited)
    report.check("the replica streams", state == "streaming", state)
    report.check("the overview is read from the replica", commits >= READS, f"{commits} reads")
    return [
        ("leads/s answered by both nodes", len(traffic.answered) / lasted),
        ("overview, s, slowest", max(seconds)),
        ("replica behind, s", lag),
        ("transactions on the replica", commits),
    ]


def _query_value(connection, query):
    """Return the one value of a query.

    :param connection: of psycopg2
    :param str query: SQL
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
