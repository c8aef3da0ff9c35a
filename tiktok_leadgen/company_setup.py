"""The set-up on the page TikTok: how leads come in, the first lead, who gets it, the mapping.

Each step ticks itself by what is in the database. The functions here take a company with all
rights; `res.company` shows their results to sales managers only.
"""

import typing

from odoo.tools import SQL
from odoo.tools.i18n import format_list

from . import settings
from .assignment_check import check_assignment, set_default_assignment
from .setup_step import Step
from .tiktok.business_login import authorize_url
from .tiktok.values import isolate

PAGE = "/odoo/tiktok"
FROM_PAGE = "tiktok_from_page"  # context key: TikTok sends the browser back to the page
METHODS = [
    ("ads", "Connect TikTok Ads"),
    ("relay", "A relay"),
    ("import", "Download and import"),
]


class LastLead(typing.NamedTuple):
    """The last lead that came in from outside."""

    lead: object  # crm.lead
    name: str
    milliseconds: int  # from its delivery until it was in the CRM


def prepare_values(company):
    """Prepare what the set-up shows of a company.

    :param company: res.company
    :return: values of its computed fields
    :rtype: dict
    """
    last = find_last_lead(company)
    method, mapping = check_method(company, last), check_mapping(company, last)
    assignment = check_assignment(company)
    if assignment.state == "warned" and method.state == "todo" and not last:
        assignment = Step("todo", assignment.text)  # nothing comes in yet
    first = Step("done" if last else "todo")
    return {
        "tiktok_step_method": method.state,
        "tiktok_method_text": method.text,
        "tiktok_step_lead": first.state,
        "tiktok_last_lead_id": last and last.lead.id,
        "tiktok_last_lead_name": last and last.name,
        "tiktok_last_lead_ms": last and last.milliseconds,
        "tiktok_step_assignment": assignment.state,
        "tiktok_assignment_text": assignment.text,
        "tiktok_step_mapping": mapping.state,
        "tiktok_mapping_text": mapping.text,
        "tiktok_setup_is_complete": {s.state for s in (method, first, assignment, mapping)}
        == {"done"},
        "tiktok_has_business_app": has_business_app(company),
        "tiktok_business_redirect_uri": company._tiktok_get_business_redirect_uri(),
    }


# === 1 HOW LEADS COME IN === #


def has_business_app(company):
    """Tell whether ID and secret of the app for ad accounts are set.

    :param company: res.company
    :rtype: bool
    """
    app_id = company.tiktok_app_id or settings.get("TIKTOK_APP_ID")
    return bool(app_id and company.has_tiktok_app_secret)


def check_method(company, last):
    """Check whether the way in which leads come in is chosen and ready.

    :param company: res.company
    :param LastLead last: None if no lead came in
    :rtype: Step
    """
    if company.tiktok_lead_method == "ads":
        return _check_ad_accounts(company)
    return Step("done" if company.tiktok_lead_method or last else "todo")


def _check_ad_accounts(company):
    """Check whether TikTok sends the leads of the connected ad accounts here.

    :param company: res.company
    :rtype: Step
    """
    mine = [("company_id", "=", company.id), ("state", "=", "connected")]
    advertisers = company.env["tiktok.advertiser"].search(mine)
    if not advertisers:
        return Step("todo")
    silent = advertisers.filtered(lambda each: each.leads_state != "on")
    if not silent:
        given = [*map(isolate, advertisers.mapped("name"))]
        names = format_list(company.env, given, "unit-short")
        return Step("done", company.env._("TikTok sends the leads of %s here.", names))
    first = silent[0]
    problem = first.health_reason or first.sync_error
    if problem:
        return Step("warned", f"{isolate(first.name)}: {problem}")
    if first.is_stopped:
        text = company.env._("%s: stopped. Open it and click Receive Leads.", isolate(first.name))
        return Step("warned", text)
    text = company.env._(
        "%s: connected, TikTok is being asked to send its leads here.", isolate(first.name)
    )
    return Step("todo", text)


def choose_method(company, method, user):
    """Store how leads come in; the first choice also decides who gets them.

    :param company: res.company
    :param str method: a key of `METHODS`
    :param user: res.users who chose
    :return: who gets the leads from now on in a sentence, False if that did not change
    :rtype: str | bool
    """
    is_first = not company.tiktok_lead_method
    company.tiktok_lead_method = method
    return is_first and set_default_assignment(company, user)


def store_app_keys(company, app_id, secret):
    """Store the keys of the app for ad accounts that were entered.

    :param company: res.company
    :param str app_id: empty leaves it as it is
    :param str secret: empty leaves it as it is
    """
    values = {"tiktok_app_id": app_id, "tiktok_app_secret": secret}
    given = {name: value for name, value in values.items() if value}
    if given:
        company.write(given)


def open_consent(company, user_company):
    """Open TikTok's consent page; without the app's keys, the page on which they are entered.

    :param company: res.company with all rights
    :param user_company: the same with the user's rights
    :return: an action
    :rtype: dict
    """
    if not has_business_app(company):
        if not company.tiktok_lead_method:
            choose_method(company, "ads", user_company.env.user)
        company.tiktok_setup_closed = False
        return user_company._tiktok_prepare_notification(
            company.env._("The app's keys are missing"),
            company.env._(
                "Enter the ID and secret of your TikTok API for Business app here, then click "
                "Save and Connect."
            ),
            "warning",
            next=user_company.action_tiktok_overview(),
        )
    redirect_uri = company._tiktok_get_business_redirect_uri()
    states = user_company.env["tiktok.oauth.state"]
    url = authorize_url(
        settings.base_url("TIKTOK_BUSINESS_PORTAL_BASE_URL"),
        app_id=company._tiktok_require_business_app()[0],
        state=states._create_state(
            user_company.env["tiktok.account"],
            redirect_uri,
            company=company,
            return_path=PAGE if user_company.env.context.get(FROM_PAGE) else False,
        ),
        redirect_uri=redirect_uri,
    )
    return {"type": "ir.actions.act_url", "url": url, "target": "self"}


# === 2 THE FIRST LEAD === #


def find_last_lead(company):
    """Find the last lead that came in from outside; one that Odoo made as a test does not count.

    :param company: res.company
    :return: None if there is none, or if it was deleted
    :rtype: LastLead | None
    """
    event = company.env["tiktok.event"].search(
        [
            *(("company_id", "=", company.id), ("kind", "=", "lead"), ("state", "=", "done")),
            *(("source", "!=", "test"), ("lead_id", "!=", False)),
        ],
        limit=1,
    )
    if not event:
        return None
    query = SQL(
        "SELECT extract(epoch FROM done_at - received_at) FROM tiktok_event WHERE id = %s", event.id
    )
    seconds = company.env.execute_query(query)[0][0]
    lead = event.lead_id
    name = lead.contact_name or lead.partner_name or lead.name
    return LastLead(lead, name, max(0, round(float(seconds or 0) * 1000)))


# === 4 THE MAPPING, AFTER WHO GETS THEM: `assignment_check` === #


def check_mapping(company, last):
    """Check whether a user has confirmed which field each answer maps to.

    There is nothing to confirm where a relay sends leads without the ID of their form.

    :param company: res.company
    :param LastLead | None last: what came in last
    :rtype: Step
    """
    questions = company.env["tiktok.form.question"]
    groups = questions._read_group(
        [("company_id", "=", company.id), ("form_id.active", "=", True)],
        ["is_confirmed"],
        ["__count", "target:count"],
    )
    total = sum(count for _confirmed, count, _mapped in groups)
    if not total:
        return Step("done" if last else "todo")
    mapped = sum(with_target for _confirmed, _count, with_target in groups)
    open_count = sum(count for confirmed, count, _mapped in groups if not confirmed)
    text = company.env._("Questions mapped: %(mapped)s of %(total)s.", mapped=mapped, total=total)
    if open_count:
        to_check = company.env._("To check: %s.", open_count)
        text = f"{text} {to_check}"
    return Step("todo" if open_count else "done", text)
