"""Whether a salesperson gets the next lead of a company, and the leads that have none.

The functions take a company with all rights.
"""

from odoo.tools import SQL
from odoo.tools.i18n import format_list

from . import const
from .setup_step import Step
from .tiktok.values import isolate


def set_default_assignment(company, user):
    """Let leads that are assigned manually go to the team, else to the user who turns them on.

    :param company: res.company
    :param user: res.users
    :return: who gets the leads from now on in a sentence, False if that did not change
    :rtype: str | bool
    """
    if company.tiktok_assignment != "manual":
        return False
    team = company.env["crm.lead"]._tiktok_find_team(company, test=True)
    if team and team._tiktok_get_members(company):
        company.tiktok_assignment = "round_robin"
    elif user._tiktok_filter_able(company):
        company.write({"tiktok_assignment": "fixed", "tiktok_user_id": user.id})
    else:
        return False
    return check_assignment(company).text


def check_assignment(company):
    """Check whether a salesperson gets the next lead.

    :param company: res.company
    :rtype: Step
    """
    if company.tiktok_assignment == "manual":
        return Step("warned", company.env._("Unassigned: no salesperson is notified of new leads."))
    if company.tiktok_assignment == "rules":
        rules_on = company.env["crm.lead"]._is_rule_based_assignment_activated()
        text = company.env._("Odoo assignment rules choose the salesperson.")
        return Step("done" if rules_on else "warned", text)
    if company.tiktok_assignment == "fixed":
        return _check_salesperson(company)
    return _check_team(company)


def _check_salesperson(company):
    """Check whether the fixed salesperson can take a lead.

    :param company: res.company
    :rtype: Step
    """
    user = company.tiktok_user_id
    if not user._tiktok_filter_able(company):
        return Step("warned", _describe_reason(company, "user_gone"))
    if user._tiktok_filter_absent():
        return Step("warned", _describe_reason(company, "user_away"))
    return Step("done", company.env._("%s gets all leads.", isolate(user.name)))


def _check_team(company):
    """Check whether a member of the team can take a lead.

    :param company: res.company
    :rtype: Step
    """
    team = company.env["crm.lead"]._tiktok_find_team(company, test=True)
    if not team:
        return Step("warned", _describe_reason(company, "no_team"))
    members = team._tiktok_get_available_users(company)
    if not members:
        reason = "none_available" if team.crm_team_member_ids else "no_members"
        return Step("warned", _describe_reason(company, reason))
    modes = dict(company._fields["tiktok_assignment"]._description_selection(company.env))
    names = format_list(company.env, [*map(isolate, members.mapped("name"))], "unit-short")
    mode = modes[company.tiktok_assignment]
    return Step("done", f"{mode} ({isolate(team.name)}): {names}")


def _describe_reason(company, reason):
    """Return why no salesperson gets leads.

    :param company: res.company
    :param str reason: a key of `tiktok_unassigned_reason`
    :rtype: str
    """
    labels = company.env["crm.lead"]._fields["tiktok_unassigned_reason"]
    label = dict(labels._description_selection(company.env))[reason]
    return company.env._("Unassigned: %s.", label)


def find_unassigned_domain(company):
    """Return which leads of the company have no salesperson and need one.

    :param company: res.company
    :return: a domain of crm.lead
    :rtype: list
    """
    assignment = company.env["tiktok.assignment"]
    return [
        *assignment._get_company_domain(company),
        *(("tiktok_lead_uid", "!=", False), ("user_id", "=", False)),
        *(("won_status", "=", "pending"), ("tiktok_is_test", "=", False)),
        *~assignment._get_held_domain(),
    ]


def request_assignment(company):
    """Have the scheduled action assign the leads that have no salesperson.

    :param company: res.company
    """
    leads = company.env["crm.lead"]
    waiting = leads._search(
        [*find_unassigned_domain(company), ("tiktok_unassigned_reason", "=", False)]
    )
    # One statement: thousands may wait.
    query = SQL(
        "UPDATE crm_lead SET tiktok_unassigned_reason = %s WHERE id IN %s",
        "rules" if company.tiktok_assignment == "rules" else "queued",
        waiting.subselect(),
    )
    company.env.cr.execute(query)
    leads.invalidate_model(["tiktok_unassigned_reason"], flush=False)
    company.env.ref(const.ASSIGN_CRON_XMLID).sudo()._tiktok_trigger()
