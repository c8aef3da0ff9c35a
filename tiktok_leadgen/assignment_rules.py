"""Apply Odoo's assignment rules to TikTok leads, company by company.

Each company has a transaction of its own: Odoo's method commits, which would end a savepoint. The
domains are texts that users wrote, on fields that may be gone: one that can't be evaluated costs
its own team or member the leads, and no one else.
"""

import functools
import logging
from ast import literal_eval

from . import const
from .concurrency import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, process_each
from .log_filters import describe_error
from .reader_language import in_reader_language
from .tiktok.values import isolate

_logger = logging.getLogger(__name__)


def assign_by_rules(env, waiting):
    """Assign leads by Odoo's rules, those of companies with new leads first.

    :param odoo.api.Environment env: of the scheduled action
    :param Domain waiting: of the leads
    """
    groups = env["crm.lead"]._read_group(
        waiting, ["company_id", "tiktok_form_id", "tiktok_unassigned_reason"]
    )
    companies = env["res.company"]
    for is_new in (True, False):
        for company, form, reason in groups:
            if (reason == "rules") == is_new:
                companies |= company or form.company_id
    work = functools.partial(_assign_company_leads, waiting)
    process_each(companies, work, _report_failure, job="tiktok.assignment.rules")


def _assign_company_leads(waiting, company):
    """Apply Odoo's rules to leads of one company, and mark those that get no salesperson.

    :param Domain waiting: of leads of all companies
    :param company: res.company
    """
    env = company.with_company(company).env
    domain = waiting & env["tiktok.assignment"]._get_company_domain(company)
    # New ones first: those that no rule matched must not keep them waiting.
    order = "tiktok_unassigned_reason desc, id"
    leads = env["crm.lead"].search(domain, order=order, limit=const.ASSIGN_BATCH)
    teams = env["crm.team"]._tiktok_find_rule_teams(company)
    broken_teams, broken_members = find_broken_rules(teams | leads.team_id)
    usable = teams - broken_teams
    for lead in leads.filtered(lambda lead: not lead.team_id):
        lead.team_id = usable._tiktok_choose_by_domain(lead)
    if broken_teams or broken_members:
        _report_broken_rules(company)
    leads.team_id.with_context(
        tiktok_rules=company.id, tiktok_broken_rules=broken_members.ids
    )._assign_and_convert_leads()
    for lead in leads.exists().filtered(lambda lead: not lead.user_id):
        is_broken = broken_members & lead.team_id.crm_team_member_ids
        is_broken = is_broken or (broken_teams and not lead.team_id)
        reason = "broken_rule" if is_broken else "quota"
        if lead.tiktok_unassigned_reason != reason:
            lead.tiktok_unassigned_reason = reason


def find_broken_rules(teams):
    """Find the domains of teams and their members that can't be evaluated.

    :param teams: crm.team
    :return: the teams and the members whose domain it is
    :rtype: tuple[crm.team, crm.team.member]
    """
    broken = teams.filtered(lambda team: not _is_valid_domain(team.env, team.assignment_domain))
    members = teams.crm_team_member_ids.filtered(
        lambda member: (
            not (
                _is_valid_domain(member.env, member.assignment_domain)
                and _is_valid_domain(member.env, member.assignment_domain_preferred)
            )
        )
    )
    return broken, members


def describe_broken_rules(company):
    """Return which rules of a company's teams can't be evaluated, for people.

    :param company: res.company, in sudo
    :rtype: str | bool
    """
    teams = company.env["crm.team"]._tiktok_find_rule_teams(company) | company.tiktok_team_id
    broken, members = find_broken_rules(teams)
    names = [*broken.mapped("name"), *(f"{m.crm_team_id.name}, {m.user_id.name}" for m in members)]
    if not names:
        return False
    return company.env._(
        "The assignment domain can't be evaluated: %s. Correct it under CRM → Configuration → "
        "Sales Teams. Until then it brings no TikTok leads.",
        "; ".join(map(isolate, names)),
    )


def _is_valid_domain(env, text):
    """Tell whether a domain of the rules can be evaluated, in the way in which Odoo checks it.

    :param odoo.api.Environment env: of the job or the reader
    :param str text: as a user wrote it, False for none
    :rtype: bool
    """
    if not text:
        return True
    try:
        with env.cr.savepoint():
            env["crm.lead"].search(literal_eval(text), limit=1)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:  # noqa: BLE001 - whatever a user wrote
        return False
    return True


def _report_broken_rules(company):
    """Log that rules of a company can't be evaluated, and notify the responsible user.

    :param company: res.company
    """
    _logger.warning("TikTok company %s: an assignment domain can't be evaluated", company.id)
    company = in_reader_language(company.sudo())
    company._tiktok_notify_responsible(
        company.env._("An assignment rule is broken"), describe_broken_rules(company)
    )


def _report_failure(company, error):
    """Log that Odoo's rules failed for a company, and notify the responsible user.

    :param company: res.company
    :param Exception error: its text may hold personal data
    """
    described = describe_error(error)
    _logger.warning("TikTok company %s: assignment rules failed: %s", company.id, described)
    company = in_reader_language(company.sudo())
    company._tiktok_notify_responsible(
        company.env._("Odoo assignment rules failed"),
        company.env._(
            "TikTok leads of this company are not assigned: %s. Check the rules of its sales "
            "teams under CRM → Configuration → Sales Teams.",
            described,
        ),
    )
