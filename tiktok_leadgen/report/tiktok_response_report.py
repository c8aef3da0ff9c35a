from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from ..time_zone import is_known_zone

HOURS = [(f"{hour:02}", f"{hour:02}:00") for hour in range(24)]
WEEKDAYS = [
    *(("1", "Monday"), ("2", "Tuesday"), ("3", "Wednesday"), ("4", "Thursday")),
    *(("5", "Friday"), ("6", "Saturday"), ("7", "Sunday")),
]


class TiktokResponseReport(models.Model):
    """How soon each lead had a first contact, and when it arrived; tests are left out.

    Hours and weekdays are those of the team's time zone, else of its or the company's calendar.
    """

    _name = "tiktok.response.report"
    _description = "TikTok Response Analysis"
    _auto = False
    _rec_name = "id"
    _order = "arrived_at desc, id desc"

    lead_id = fields.Many2one("crm.lead", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    contact_user_id = fields.Many2one("res.users", "First contact by", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    form_id = fields.Many2one("tiktok.form", readonly=True)
    arrived_at = fields.Datetime("Submitted", readonly=True)
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    hour = fields.Selection(HOURS, "Hour of day", readonly=True)
    lead_count = fields.Integer("Leads", readonly=True)
    closed_count = fields.Integer(
        "Outside working hours",
        readonly=True,
        help="Leads that were assigned while the team was closed.",
    )
    contacted_count = fields.Integer("Contacted", readonly=True)
    in_time_count = fields.Integer(
        "Reached within target",
        readonly=True,
        help="First contact within “Call within”, in the team's working hours.",
    )
    due_count = fields.Integer(
        "Due", readonly=True, help="Leads that were contacted, or whose call is overdue."
    )
    in_time_share = fields.Float(
        "Share within target",
        readonly=True,
        aggregator="avg",
        help="Of the leads that were contacted, or whose call is overdue.",
    )
    work_minutes = fields.Float("Working minutes to first contact", readonly=True, aggregator="avg")
    response_minutes = fields.Float("Minutes to first contact", readonly=True, aggregator="avg")

    _depends = {
        "crm.lead": [
            *("active", "company_id", "create_date", "team_id", "user_id", "tiktok_call_due_at"),
            *("tiktok_first_contact_at", "tiktok_first_contact_user_id", "tiktok_form_id"),
            *("tiktok_is_test", "tiktok_lead_uid", "tiktok_opens_at", "tiktok_received_at"),
            *("tiktok_response_seconds", "tiktok_response_work_seconds", "tiktok_submitted_at"),
        ],
        "crm.team": ["tiktok_calendar_id", "tiktok_tz"],
        "res.company": ["resource_calendar_id", "tiktok_call_minutes"],
        "resource.calendar": ["tz"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id, row.id AS lead_id, row.company_id, row.user_id, row.contact_user_id,
                   row.team_id, row.form_id, row.arrived_at, 1 AS lead_count,
                   row.is_closed AS closed_count,
                   to_char(row.local_time, 'ID') AS weekday,
                   to_char(row.local_time, 'HH24') AS hour,
                   (row.worked IS NOT NULL)::int AS contacted_count,
                   COALESCE(row.worked <= row.target, FALSE)::int AS in_time_count,
                   (row.worked IS NOT NULL
                    OR COALESCE(row.due_at < now() AT TIME ZONE 'UTC', FALSE))::int AS due_count,
                   CASE WHEN row.worked IS NOT NULL THEN (row.worked <= row.target)::int
                        WHEN row.due_at < now() AT TIME ZONE 'UTC' THEN 0
                    END::float AS in_time_share,
                   row.worked / 60.0 AS work_minutes,
                   row.waited / 60.0 AS response_minutes
              FROM (%s) AS row
            """,
            self._select_leads(),
        )

    @api.model
    def _select_leads(self):
        """Return the leads with their local time, and their target in seconds.

        A first contact from before working hours were counted has the plain time only.

        :rtype: SQL
        """
        return SQL(
            """
            SELECT lead.id, lead.user_id, lead.team_id, lead.tiktok_form_id AS form_id,
                   COALESCE(lead.company_id, form.company_id) AS company_id,
                   lead.tiktok_first_contact_user_id AS contact_user_id,
                   COALESCE(lead.tiktok_submitted_at, lead.tiktok_received_at, lead.create_date)
                       AS arrived_at,
                   COALESCE(lead.tiktok_submitted_at, lead.tiktok_received_at, lead.create_date)
                       AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s AS local_time,
                   (lead.tiktok_opens_at IS NOT NULL)::int AS is_closed,
                   lead.tiktok_call_due_at AS due_at,
                   CASE WHEN lead.tiktok_first_contact_at IS NOT NULL
                        THEN COALESCE(NULLIF(lead.tiktok_response_work_seconds, 0),
                                      lead.tiktok_response_seconds) END AS worked,
                   CASE WHEN lead.tiktok_first_contact_at IS NOT NULL
                        THEN lead.tiktok_response_seconds END AS waited,
                   60 * COALESCE(NULLIF(company.tiktok_call_minutes, 0), %(minutes)s) AS target
              FROM crm_lead lead
              LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
              LEFT JOIN res_company company
                ON company.id = COALESCE(lead.company_id, form.company_id)
              LEFT JOIN crm_team team ON team.id = lead.team_id
              LEFT JOIN resource_calendar calendar
                ON calendar.id = COALESCE(team.tiktok_calendar_id, company.resource_calendar_id)
             WHERE lead.tiktok_lead_uid IS NOT NULL AND lead.tiktok_is_test IS NOT TRUE
            """,
            zone=self._get_zone_expression(),
            minutes=const.CALL_MINUTES,
        )

    @api.model
    def _get_zone_expression(self):
        """Return the time zone of a row: UTC where this server does not know the name.

        :rtype: SQL
        """
        everything = self.with_context(active_test=False).sudo().env
        calendars = everything["resource.calendar"]._read_group([], ["tz"])
        teams = everything["crm.team"]._read_group([], ["tiktok_tz"])
        names = {name for (name,) in (*calendars, *teams)}
        return SQL(
            """CASE WHEN COALESCE(team.tiktok_tz, calendar.tz) = ANY(%s)
                    THEN COALESCE(team.tiktok_tz, calendar.tz) ELSE 'UTC' END""",
            sorted(name for name in names if name and is_known_zone(name)),
        )

    def action_open_lead(self):
        """Open the lead of this row.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        return self.lead_id.get_formview_action()
