"""A lead is qualified, then won: TikTok's page shows both events once, with the value."""

import os
import subprocess
import sys
import time

import pytest
from signal_steps import (
    VALUE,
    assert_events_shown_once,
    check_event_set,
    events_at,
    qualify_and_win,
    wait_for,
)

from dev.demo import sample
from dev.odoo_rpc import post

JOB = "TikTok: send CRM events"
GATE = 20261122  # of PostgreSQL's advisory locks


@pytest.fixture
def remote_set(tiktok):
    """Return an event set at TikTok and its token."""
    advertiser = tiktok.describe()["advertisers"][0]["advertiser_id"]
    made = tiktok.create_event_set(advertiser_id=advertiser, name="Walk")
    token = tiktok.grant_event_token(event_set_id=made["event_set_id"])
    yield {**made, "token": token}


@pytest.fixture
def lead(odoo):
    """Return a lead of TikTok as an opportunity: its id and TikTok's ID."""
    uid = str(7_600_000_000_000_000_000 + time.time_ns() % 10**15)
    config = odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
    url = odoo.base + config["webhook_url"][config["webhook_url"].index("/api/") :]
    assert post(url, sample(uid)) == (200, "OK")
    found = wait_for(lambda: odoo.call("crm.lead", "search", [["tiktok_lead_uid", "=", uid]]))
    odoo.call("crm.lead", "write", found, {"type": "opportunity", "expected_revenue": VALUE})
    return found[0], uid


def make_event_set(odoo, remote_set, **values):
    """Make the event set in Odoo with the rules that are suggested; return its id."""
    values = {"name": "Walk", "event_set_uid": remote_set["event_set_id"], **values}
    [made] = odoo.call("tiktok.event.set", "create", [{**values, "token": remote_set["token"]}])
    odoo.call("tiktok.event.set", "action_suggest_rules", [made])
    return made


def test_both_events_are_shown_once(page, odoo, tiktok, remote_set, lead, forget_events):
    lead_id, uid = lead
    page.goto(f"{odoo.base}/odoo/tiktok-event-sets/new")
    page.fill("[name=name] input, [name=name] textarea", "Odoo leads")
    page.fill("[name=event_set_uid] input", remote_set["event_set_id"])
    check_event_set(page, remote_set["token"])
    assert not events_at(tiktok, remote_set["event_set_id"])
    qualify_and_win(page, odoo, tiktok, lead_id, remote_set["event_set_id"])
    assert_events_shown_once(page, tiktok, uid)

    page.goto(f"{odoo.base}/odoo/tiktok-crm-events")
    page.wait_for_selector(".o_data_row:has-text('Converted'):has-text('Sent')")
    assert page.locator(".o_data_row:has-text('Sent')").count() == 2


def start_job():
    """Start an Odoo of its own that runs the job."""
    command = [sys.executable, os.environ["ODOO_PROGRAM"], "shell", "--no-http"]
    command += ["-c", os.environ["ODOO_CONFIG"], "-d", os.environ["ODOO_DATABASE"]]
    started = subprocess.Popen(  # noqa: S603 - the Odoo that is tested
        command,
        env={**os.environ, "PYTHONPATH": os.environ["ODOO_PYTHONPATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    started.stdin.write("env['tiktok.event.set']._cron_send_events()\n")
    started.stdin.close()
    return started


@pytest.fixture
def gate(sql):
    """Have each event that is marked as sent wait right before; a session opens it at the end."""
    sql(
        f"""CREATE FUNCTION test_event_gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock({GATE}); RETURN NEW; END $$"""
    )
    sql(
        "CREATE TRIGGER test_event_gate BEFORE UPDATE ON tiktok_crm_event"
        " FOR EACH ROW EXECUTE FUNCTION test_event_gate()"
    )
    sql("SELECT pg_advisory_lock(%s)", GATE)
    yield lambda: sql(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", GATE
    )
    sql("DROP FUNCTION IF EXISTS test_event_gate CASCADE")
    sql("SELECT pg_advisory_unlock(%s)", GATE)


def test_killed_between_the_answer_and_the_commit(
    odoo, tiktok, remote_set, lead, forget_events, sql, gate
):
    lead_id, _uid = lead
    make_event_set(odoo, remote_set)
    job = odoo.call("ir.cron", "search", [["cron_name", "=", JOB]])
    odoo.call("ir.cron", "write", job, {"active": False})
    try:
        odoo.call("crm.lead", "action_set_won", [lead_id])
        process = start_job()
        wait_for(gate)
        assert len(events_at(tiktok, remote_set["event_set_id"])) == 1  # TikTok has answered
        process.kill()
        process.wait()
    finally:
        sql("DROP FUNCTION test_event_gate CASCADE")
        odoo.call("ir.cron", "write", job, {"active": True})
    assert sql("SELECT state FROM tiktok_crm_event") == [("pending",)]
    odoo.call("ir.cron", "method_direct_trigger", job)
    assert sql("SELECT state FROM tiktok_crm_event") == [("sent",)]
    [event] = events_at(tiktok, remote_set["event_set_id"])
    assert event["copies"] == 2  # received twice with one ID, counted once
