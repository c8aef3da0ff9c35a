"""A process of Odoo that is killed after TikTok made new tokens, before they are on disk."""

import concurrent.futures
import contextlib
import os
import subprocess
import sys
import time
import urllib.error

import pytest
from accounts import USER

GATE = 20261121  # of PostgreSQL's advisory locks
CALLS = 1_000
PATIENCE_SECONDS = 90  # for a whole Odoo to start on a busy machine
TOKENS = "/v2/oauth/token/"


@pytest.fixture
def gate(sql):
    """Return a context in which each write of tokens waits right before."""
    sql(
        f"""CREATE FUNCTION test_gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock({GATE}); RETURN NEW; END $$"""
    )

    @contextlib.contextmanager
    def closed():
        sql(
            "CREATE TRIGGER test_gate BEFORE UPDATE ON tiktok_token"
            " FOR EACH ROW EXECUTE FUNCTION test_gate()"
        )
        sql("SELECT pg_advisory_lock(%s)", GATE)
        try:
            yield
        finally:
            sql("SELECT pg_advisory_unlock(%s)", GATE)

    yield closed
    sql("DROP FUNCTION test_gate CASCADE")


def somebody_waits(sql):
    return sql(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", GATE
    )


def use_token(account_id):
    """Start an Odoo of its own that asks for the account's access token."""
    command = [sys.executable, os.environ["ODOO_PROGRAM"], "shell", "--no-http"]
    command += ["-c", os.environ["ODOO_CONFIG"], "-d", os.environ["ODOO_DATABASE"]]
    process = subprocess.Popen(  # noqa: S603 - the Odoo that is tested
        command,
        env={**os.environ, "PYTHONPATH": os.environ["ODOO_PYTHONPATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    process.stdin.write(f"env['tiktok.account'].browse({account_id})._get_access_token()\n")
    process.stdin.close()
    return process


def wait_until(condition, process):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert process.poll() is None, "Odoo ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.05)


def asked_for_tokens(tiktok):
    """Return how often TikTok was asked for tokens since `count_calls`."""
    rules = [rule for rule in tiktok.faults() if rule["path"] == TOKENS]
    return CALLS - rules[0]["times"]


def test_killed_between_the_answer_and_the_commit(odoo, accounts, account_id, sql, gate):
    tiktok = accounts.tiktok
    before = len(tiktok.developer_tokens(username=USER))
    accounts.end_access_token(account_id)
    with gate():
        process = use_token(account_id)
        wait_until(lambda: somebody_waits(sql), process)
        assert len(tiktok.developer_tokens(username=USER)) == before + 1  # TikTok has answered
        process.kill()
        process.wait()
    tiktok.set_fault(TOKENS, "slow", 0.01, times=CALLS)  # no fault: it counts

    def status(_number):
        try:
            return odoo.get(f"/api/integrations/accounts/{account_id}/tiktok-profile/")
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        assert set(pool.map(status, range(10))) == {409}
    assert accounts.read(account_id, "state") == "expired"
    assert asked_for_tokens(tiktok) == 1
    renew = odoo.call("ir.cron", "search", [["cron_name", "=", "TikTok: refresh account tokens"]])
    for _again in range(3):
        odoo.call("ir.cron", "method_direct_trigger", renew)
    assert status(0) == 409
    assert asked_for_tokens(tiktok) == 1, "a spent token is not sent again and again"
    assert accounts.activities(account_id) == 1
