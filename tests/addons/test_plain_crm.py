"""Odoo's CRM works with other leads as without our addons, in as many queries."""

import json
import pathlib
import subprocess

import pytest

from dev import paths, venv
from dev.site import Site

# Deliveries, attempts and signals of the leads that are merged are looked for, as any lead may
# have some: a repeat submission is noted on the open lead of its person.
ALLOWED = {"merge": 4}


@pytest.fixture
def site():
    """Return a copy of the tests' database; it is gone afterwards."""
    copy = Site("plain")
    copy.copy_of(Site("test", addons=paths.ADDONS))
    yield copy
    copy.server.delete_database(copy.database)


def run(site, command):
    """Run a program of Odoo's on the copy, and return what it prints."""
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=paths.ROOT, env=site.env, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr[-3000:]
    return done.stdout


def work(site):
    """Return queries and values of the steps in `plain_crm`."""
    program = pathlib.Path(__file__).with_name("plain_crm.py")
    command = [str(venv.PYTHON), str(program), str(site.config), site.database]
    return json.loads(run(site, command).splitlines()[-1])


def test_leads_of_others_cost_no_query_and_are_as_without_us(site):
    with_us = work(site)
    run(site, site.subcommand("module", "uninstall", "tiktok_leadgen"))
    left = "SELECT count(*) FROM ir_module_module WHERE name ~ '^tiktok_' AND state = 'installed'"
    assert site.server.sql(left, site.database).strip() == "0"
    without_us = work(site)
    assert with_us["values"] == without_us["values"]
    more = {
        step: count - without_us["queries"][step]
        for step, count in with_us["queries"].items()
        if count > without_us["queries"][step] + ALLOWED.get(step, 0)
    }
    assert not more, f"queries more than without our addons: {more}"
