"""When the first contact with a lead is due, and how long it took, in the team's working hours."""

from . import const
from .job_time import read_transaction_clock


def prepare_clock_values(company, team, user, now, hours):
    """Return when the call, the reminder and the reassignment of a lead are due.

    :param company: res.company
    :param team: crm.team of the lead, may be empty
    :param user: res.users to whom the lead is assigned
    :param datetime now: UTC
    :param WorkingHours hours: of the team
    :return: values of crm.lead
    :rtype: dict
    """
    minutes, limit = company.tiktok_call_minutes, company.tiktok_reassign_minutes
    first = hours.add_seconds(now, const.REMINDER_MINUTES[0] * 60)
    return {
        "tiktok_last_assigned_at": now,
        "tiktok_unassigned_reason": False,
        "tiktok_opens_at": not hours.is_open(now) and hours.find_opening(now),
        "tiktok_call_due_at": minutes and hours.add_seconds(now, minutes * 60),
        "tiktok_reminded": 0,
        "tiktok_remind_at": company.tiktok_remind and first,
        "tiktok_reassign_at": limit and user._tiktok_add_working_time(company, team, now, limit),
    }


def measure_response(lead, team_hours):
    """Return how long a lead waited for the first contact that is made now.

    :param lead: crm.lead
    :param TeamHours team_hours: of all leads that are measured
    :return: values of crm.lead
    :rtype: dict
    """
    now = read_transaction_clock(lead.env)
    began = lead.tiktok_submitted_at or lead.tiktok_received_at or lead.create_date
    hours = team_hours.get_hours(lead.team_id, lead._tiktok_get_company())
    seconds = {
        "tiktok_response_seconds": int((now - began).total_seconds()),
        "tiktok_response_work_seconds": hours.count_seconds(began, now),
    }
    # TikTok's clock and ours differ; and 0 would mean that there was no contact.
    bounded = {name: min(max(value, 1), 2**31 - 1) for name, value in seconds.items()}
    return {"tiktok_first_contact_at": now, **bounded}
