"""The addons beside the leads come and go on a database with leads, and the leads never notice."""

import pytest

from dev import paths, process
from dev.odoo_rpc import Session
from dev.site import Site, free_port

PUBLISHING = ["tiktok_publish", "tiktok_publish_blog"]
ADS = ["tiktok_ads"]
CONTACT = ["tiktok_first_contact", "tiktok_first_contact_sms"]
ROUTING = ["tiktok_routing"]
LEADS = 50
PHOTO = "R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="  # of one pixel
LEFT = (
    """SELECT count(*) FROM information_schema.tables
    WHERE table_name ~ '^tiktok_(post|blog|publish|domain)'""",
    "SELECT count(*) FROM ir_model_data WHERE module LIKE 'tiktok_publish%'",
    """SELECT count(*) FROM information_schema.columns
    WHERE table_name = 'res_company' AND column_name LIKE 'tiktok_publish%'""",
    "SELECT count(*) FROM ir_attachment WHERE res_model = 'tiktok.post.image'",
)
LEFT_OF_ADS = (
    "SELECT count(*) FROM ir_model_data WHERE module = 'tiktok_ads'",
    """SELECT count(*) FROM information_schema.tables
    WHERE table_name ~ '^tiktok_(ad_spend|ad_return|ads_objection|event_set|crm_event|audience)'""",
    """SELECT count(*) FROM information_schema.columns
    WHERE table_name IN ('res_company', 'crm_lead') AND column_name ~ '^tiktok_(ads_|cost)'""",
    """SELECT count(*) FROM information_schema.columns
    WHERE table_name = 'tiktok_advertiser' AND column_name LIKE '%spend%'""",
    "SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'crm_lead_%tiktok_ad_day%'",
)
LEFT_OF_CONTACT = (
    "SELECT count(*) FROM ir_model_data WHERE module LIKE 'tiktok_first_contact%'",
    """SELECT count(*) FROM information_schema.tables
    WHERE table_name IN ('tiktok_contact_attempt', 'tiktok_first_message', 'tiktok_lead_alert')""",
    """SELECT count(*) FROM information_schema.columns
    WHERE table_name IN ('res_company', 'crm_lead', 'tiktok_form')
    AND column_name ~ '^(tiktok_(alert|message|next_try|retry)|first_message)'""",
    "SELECT count(*) FROM res_company WHERE tiktok_assignment = 'claim'",
)
LEFT_OF_ROUTING = (
    "SELECT count(*) FROM ir_model_data WHERE module = 'tiktok_routing'",
    """SELECT count(*) FROM information_schema.tables
    WHERE table_name IN ('tiktok_routing_rule', 'tiktok_lead_check')""",
    """SELECT count(*) FROM information_schema.columns
    WHERE table_name IN ('crm_lead', 'crm_team_member', 'res_company')
      AND column_name ~ '^tiktok_(routing_|check_|weight|daily_cap|absence_)'""",
)
OURS = "SELECT count(*) FROM crm_lead WHERE tiktok_lead_uid LIKE '76000000000009%'"


@pytest.fixture
def site():
    """Return a copy of the tests' database; it is gone afterwards."""
    copy = Site("life")
    copy.copy_of(Site("test", addons=paths.ADDONS))
    yield copy
    process.stop("life")
    copy.server.delete_database(copy.database)


@pytest.fixture
def odoo(site):
    """Return an administrator's session of an Odoo that serves the copy."""
    port = free_port()
    site.serve(port, "--max-cron-threads", "0")  # Apps refuses while a job runs
    session = Session(f"http://127.0.0.1:{port}", site.database)
    session.seconds = 300  # an installation takes its time
    return session


def press(odoo, button, names):
    """Press a button of Apps."""
    ids = odoo.call("ir.module.module", "search", [["name", "in", names]])
    odoo.call("ir.module.module", button, ids)


def states(odoo):
    """Return the states of our addons."""
    found = odoo.call(
        "ir.module.module", "search_read", [["name", "in", list(paths.ADDONS)]], ["name", "state"]
    )
    return {each["name"]: each["state"] for each in found}


def expect_states(uninstalled):
    """Return the states of our addons when some of them are gone."""
    return {name: "uninstalled" if name in uninstalled else "installed" for name in paths.ADDONS}


def errors_in_log():
    """Return what Odoo logged as an error while it served the copy."""
    log = (paths.LOGS / "life.log").read_text()
    return [line for line in log.splitlines() if " ERROR " in line or " CRITICAL " in line]


def count(site, statement):
    """Return the number a statement finds."""
    return int(site.server.sql(statement, site.database))


def test_publishing_leaves_nothing_behind_and_comes_back(odoo, site):
    uids = [f"76000000000009{number:05}" for number in range(LEADS)]
    odoo.call("crm.lead", "create", [{"name": uid, "tiktok_lead_uid": uid} for uid in uids])
    account = odoo.call("tiktok.account", "create", {"name": "Posts"})
    photo = [0, 0, {"image": PHOTO}]
    odoo.call("tiktok.post", "create", {"account_id": account, "image_ids": [photo]})
    blog = odoo.call("blog.blog", "create", {"name": "Blog"})
    article = odoo.call("blog.post", "create", {"name": "Article", "blog_id": blog})
    assert count(site, OURS) == LEADS
    assert all(count(site, left) for left in LEFT)

    press(odoo, "button_immediate_uninstall", PUBLISHING)
    assert states(odoo) == expect_states(PUBLISHING)
    assert count(site, OURS) == LEADS
    assert not any(count(site, left) for left in LEFT)
    assert odoo.call("blog.post", "search_count", [["id", "=", article]]) == 1
    assert odoo.call("tiktok.account", "search_count", [["id", "=", account]]) == 1

    press(odoo, "button_immediate_install", PUBLISHING)
    assert set(states(odoo).values()) == {"installed"}
    odoo.call("tiktok.post", "create", {"account_id": account, "title": "Another post"})

    press(odoo, "button_immediate_upgrade", ["tiktok_leadgen"])
    assert set(states(odoo).values()) == {"installed"}
    assert count(site, OURS) == LEADS
    assert errors_in_log() == []


def test_ads_leave_nothing_behind_and_come_back(odoo, site):
    odoo.call("crm.lead", "create", [{"name": "Lead", "tiktok_lead_uid": "7600000000000900001"}])
    assert [left for left in LEFT_OF_ADS if not count(site, left)] == []

    press(odoo, "button_immediate_uninstall", ADS)
    assert states(odoo) == expect_states(ADS)
    assert count(site, OURS) == 1
    assert [left for left in LEFT_OF_ADS if count(site, left)] == []

    press(odoo, "button_immediate_install", ADS)
    assert set(states(odoo).values()) == {"installed"}
    press(odoo, "button_immediate_upgrade", ["tiktok_leadgen"])
    assert count(site, OURS) == 1
    assert errors_in_log() == []


def test_first_contact_leaves_nothing_behind_and_comes_back(odoo, site):
    odoo.call("crm.lead", "create", [{"name": "Lead", "tiktok_lead_uid": "7600000000000900001"}])
    company = odoo.call("res.company", "search", [], limit=1)
    odoo.call("res.company", "write", company, {"tiktok_assignment": "claim"})
    assert [left for left in LEFT_OF_CONTACT if not count(site, left)] == []

    press(odoo, "button_immediate_uninstall", CONTACT)
    assert states(odoo) == expect_states(CONTACT)
    assert count(site, OURS) == 1
    assert [left for left in LEFT_OF_CONTACT if count(site, left)] == []

    press(odoo, "button_immediate_install", CONTACT)
    assert set(states(odoo).values()) == {"installed"}
    assert count(site, OURS) == 1
    assert errors_in_log() == []


def test_routing_leaves_nothing_behind_and_comes_back(odoo, site):
    odoo.call("crm.lead", "create", [{"name": "Lead", "tiktok_lead_uid": "7600000000000900002"}])
    odoo.call("tiktok.routing.rule", "create", [{"name": "Rule", "priority": "1"}])
    assert [left for left in LEFT_OF_ROUTING if not count(site, left)] == []

    press(odoo, "button_immediate_uninstall", ROUTING)
    assert states(odoo) == expect_states(ROUTING)
    assert count(site, OURS) == 1
    assert [left for left in LEFT_OF_ROUTING if count(site, left)] == []

    press(odoo, "button_immediate_install", ROUTING)
    assert set(states(odoo).values()) == {"installed"}
    press(odoo, "button_immediate_upgrade", ["tiktok_leadgen"])
    assert count(site, OURS) == 1
    assert errors_in_log() == []
