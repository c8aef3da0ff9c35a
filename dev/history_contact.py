"""The demo's side of tiktok_first_contact: calls with their outcomes, while the team works."""

import contextlib
import datetime
import unittest.mock

WRITTEN_SHARE = 0.2  # of the leads: the salesperson writes on WhatsApp
ANSWERED_SHARE = 0.75  # of the leads: the first try reaches the person


@contextlib.contextmanager
def freeze_transactions():
    """Have transactions begin when Python's clock says: due calls and contacts follow that time."""
    from odoo.sql_db import BaseCursor

    def read_clock(_cursor):
        return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)

    with unittest.mock.patch.object(BaseCursor, "now", read_clock):
        yield


def set_due_times(lead, moment):
    """Set when the call of a lead is due, as if it had been assigned alone.

    :param lead: crm.lead with all rights, assigned
    :param datetime.datetime moment: when it was submitted
    """
    from odoo.addons.tiktok_leadgen.lead_clocks import prepare_clock_values

    company, hours = lead._tiktok_get_company(), find_hours(lead)
    values = prepare_clock_values(company, lead.team_id, lead.user_id, moment, hours)
    lead.write({name: values[name] for name in ("tiktok_opens_at", "tiktok_call_due_at")})


def find_hours(lead):
    """Return the working hours of a lead's team.

    :param lead: crm.lead with all rights
    :rtype: odoo.addons.tiktok_leadgen.working_hours.WorkingHours
    """
    from odoo.addons.tiktok_leadgen.working_hours import TeamHours

    return TeamHours().get_hours(lead.team_id, lead._tiktok_get_company())


def contact_lead(lead, plan, minutes, clock, now):
    """Have the salesperson call or write until the person is reached.

    :param lead: crm.lead with the salesperson's rights
    :param PlannedLead plan: of the lead
    :param float minutes: of working time until the first try
    :param clock: of Python; afterwards at the last try
    :param datetime.datetime now: what is later did not happen yet
    :return: whether the person was reached
    :rtype: bool
    """
    begin = find_hours(lead.sudo()).add_seconds(plan.moment, int(minutes * 60))
    if begin >= now:
        return False
    clock.move_to(begin)
    if plan.answer > ANSWERED_SHARE:
        _try_contact(lead, "call", "no_answer")
        if lead.tiktok_next_try_at >= now:
            return False
        clock.move_to(lead.tiktok_next_try_at)
    _try_contact(lead, "whatsapp" if plan.answer < WRITTEN_SHARE else "call", "reached")
    return True


def _try_contact(lead, channel, outcome):
    lead.action_tiktok_start_attempt(channel)
    lead.action_tiktok_set_outcome(outcome)
