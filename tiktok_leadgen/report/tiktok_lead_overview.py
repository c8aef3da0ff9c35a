from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .. import const
from ..job_time import read_transaction_clock

PERIODS = (1, 7, 30, 90, 365)
DEFAULT_PERIOD = 30
WEEKS_FROM = 100  # days from which the chart has a bar a week
TOP = 6
MOST_LEADS = 10_000  # that a list is asked for by their ids
MANAGERS = "sales_team.group_sale_manager"
# What leads are grouped by: the key, and for TikTok's own things the name beside it.
GROUPS = {
    "form": (SQL("form_id"), None),
    "campaign": (SQL("COALESCE(campaign_uid, campaign_name)"), "campaign_name"),
    "ad": (SQL("COALESCE(ad_uid, ad_name)"), "ad_name"),
    "user": (SQL("user_id"), None),
    "team": (SQL("team_id"), None),
}
NO_GROUP = (None, None)
FIGURES = ("leads", "qualified", "won")
MODELS = {"form": "tiktok.form", "user": "res.users", "team": "crm.team"}


class TiktokLeadReport(models.Model):
    """The overview: what one page shows of a period.

    Everything is read through this model's own rules, so that users count only what they may see.
    """

    _inherit = "tiktok.lead.report"

    # === ACTION METHODS === #

    @api.model
    @api.readonly
    def action_overview(self, days=DEFAULT_PERIOD):
        """Return the figures of the last days, today included.

        :param int days: one of `PERIODS`
        :rtype: dict
        """
        days, since = self._overview_since(days)
        before = since - timedelta(days=days)
        base = self._search(Domain("received_at", ">=", since))
        earlier = Domain("received_at", ">=", before) & Domain("received_at", "<", since)
        groups = self._overview_groups(base)
        total, by_day = groups.pop("total"), groups.pop("day")
        median = self._overview_medians(base, groups)
        self._overview_name(groups)
        return {
            "days": days,
            "is_weekly": days > WEEKS_FROM,
            "is_manager": self.env.user.has_group(MANAGERS),
            "total": total,
            "before": self._overview_total(self._search(earlier)),
            "series": self._overview_series(by_day, days, since),
            "median": median,
            "groups": groups,
            "waiting": self._overview_waiting(),
            "events": self._overview_events(since),
        }

    @api.model
    def action_open_leads(self, days=DEFAULT_PERIOD, group=None, key=None, only=None):
        """Open the leads behind a figure.

        :param int days: one of `PERIODS`
        :param str group: one of `GROUPS`, or None for all
        :param key: of the group, False for none
        :param str only: waiting, qualified or won
        :return: an action
        :rtype: dict
        """
        self.check_access("read")
        _days, since = self._overview_since(days)
        domain = Domain("tiktok_lead_uid", "!=", False) & Domain("tiktok_is_test", "=", False)
        if only == "waiting":
            domain &= Domain("tiktok_first_contact_at", "=", False) & Domain("active", "=", True)
            domain &= Domain("won_status", "=", "pending")
            domain &= ~self.env["tiktok.assignment"]._get_held_domain()
        else:
            domain &= Domain("tiktok_received_at", ">=", since)
        if only == "won":
            domain &= Domain("won_status", "=", "won")
        elif only == "qualified":  # no lead knows it of itself
            rows = Domain("received_at", ">=", since) & Domain("qualified_count", "=", 1)
            domain &= Domain("id", "in", self.search(rows, limit=MOST_LEADS).ids)
        domain &= self._overview_group_domain(group, key)
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        action["context"] = {"create": False, "active_test": False}
        return {**action, "domain": list(domain)}

    @api.model
    def _overview_group_domain(self, group, key):
        if group in MODELS:
            name = "tiktok_form_id" if group == "form" else f"{group}_id"
            return Domain(name, "=", key or False)
        if group not in GROUPS:
            return Domain.TRUE
        uid = Domain(f"tiktok_{group}_uid", "=", key or False)
        name = Domain(f"tiktok_{group}_name", "=", key or False)
        return uid | name if key else uid & name

    # === THE PERIOD === #

    @api.model
    def _overview_since(self, days):
        """Return the period and when it begins, in UTC: at midnight of the reader's clock.

        :param int days: one of ``PERIODS``
        :rtype: tuple[int, datetime]
        :raise UserError: for another period
        """
        if days not in PERIODS:
            raise UserError(self.env._("This period does not exist."))
        zone, utc = self._overview_zone(), ZoneInfo("UTC")
        now = read_transaction_clock(self.env).replace(tzinfo=utc).astimezone(zone)
        begin = datetime.combine(now.date() - timedelta(days=days - 1), time.min, zone)
        return days, begin.astimezone(utc).replace(tzinfo=None)

    @api.model
    def _overview_zone(self):
        """Return the reader's time zone, or UTC where the server or the database lacks it.

        :rtype: ZoneInfo
        """
        name = str(self.env.tz)
        try:
            zone = ZoneInfo(name)
            with self.env.cr.savepoint(flush=False):
                query = SQL("SELECT now() AT TIME ZONE %s", name)
                self.env.cr.execute(query, log_exceptions=False)
        except (ZoneInfoNotFoundError, ValueError, psycopg2.DataError):
            return ZoneInfo("UTC")
        return zone

    # === THE FIGURES === #

    @api.model
    def _overview_groups(self, base):
        """Count by day and by each group, in one pass.

        :param Query base: of `_search`
        :rtype: dict
        """
        zone = self._overview_zone().key
        keys = {name: key for name, (key, _label) in GROUPS.items()}
        keys["day"] = SQL("(received_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", zone)
        labels = [label for _key, label in GROUPS.values() if label]
        counts = ("qualified_count", "won_count")
        columns = [SQL("%s AS %s", key, SQL.identifier(name)) for name, key in keys.items()]
        sets = [
            SQL(", ").join(map(SQL.identifier, filter(None, (name, GROUPS.get(name, NO_GROUP)[1]))))
            for name in keys
        ]
        query = SQL(
            """WITH base AS (%(base)s)
               SELECT %(keys)s, count(*), sum(qualified_count), sum(won_count), %(groupings)s
                 FROM base GROUP BY GROUPING SETS ((), %(sets)s)""",
            base=base.select(*columns, *map(SQL.identifier, (*labels, *counts))),
            keys=SQL(", ").join(map(SQL.identifier, (*keys, *labels))),
            groupings=SQL(", ").join(SQL("GROUPING(%s)", SQL.identifier(name)) for name in keys),
            sets=SQL(", ").join(SQL("(%s)", columns) for columns in sets),
        )
        return self._overview_read(self.env.execute_query(query), list(keys), labels)

    @api.model
    def _overview_read(self, rows, keys, labels):
        """Sort the rows of the grouping sets into their groups, the biggest first."""
        groups = {"total": dict.fromkeys(FIGURES, 0), **{key: {} for key in keys}}
        size = len(keys)
        for row in rows:
            names = dict(zip(labels, row[size:], strict=False))
            figures = row[size + len(labels) :][: len(FIGURES)]
            grouped = row[size + len(labels) + len(FIGURES) :]
            if 0 not in grouped:
                groups["total"] = {name: n or 0 for name, n in zip(FIGURES, figures, strict=True)}
                continue
            number = grouped.index(0)
            group, key = keys[number], row[number]
            found = groups[group].setdefault(key, {"key": key, **dict.fromkeys(FIGURES, 0)})
            found["name"] = (group in GROUPS and names.get(GROUPS[group][1])) or None
            for name, value in zip(FIGURES, figures, strict=True):
                found[name] += value  # twice where a campaign is just being renamed
        for group in keys:
            groups[group] = sorted(groups[group].values(), key=lambda row: -row["leads"])
        return groups

    @api.model
    def _overview_total(self, query):
        figures = [SQL("count(*)"), SQL("sum(qualified_count)"), SQL("sum(won_count)")]
        found = self.env.execute_query(query.select(*figures))[0]
        return {name: value or 0 for name, value in zip(FIGURES, found, strict=True)}

    @api.model
    def _overview_series(self, rows, days, since):
        """Return a bar for each day or week, also for those without leads."""
        step = 7 if days > WEEKS_FROM else 1
        local = since.replace(tzinfo=ZoneInfo("UTC")).astimezone(self._overview_zone()).date()
        first = local - timedelta(days=local.weekday() if step == 7 else 0)
        bars = (local - first).days + days
        series = [
            {"day": str(first + timedelta(days=number)), **dict.fromkeys(FIGURES, 0)}
            for number in range(0, bars, step)
        ]
        for row in rows:
            number = (row["key"] - first).days // step
            if number < len(series):  # a clock that runs ahead
                for name in FIGURES:
                    series[number][name] += row[name]
        return series

    @api.model
    def _overview_medians(self, base, groups):
        """Find the median seconds to first contact: of all, of each person and team.

        :param Query base: of `_search`
        :param dict groups: each person and team is given theirs
        :return: the median of all, or None
        :rtype: float | None
        """
        query = SQL(
            """WITH base AS (%s)
               SELECT user_id, team_id, GROUPING(user_id), GROUPING(team_id),
                      percentile_cont(0.5) WITHIN GROUP (ORDER BY response_seconds), count(*)
                 FROM base WHERE response_seconds IS NOT NULL
                GROUP BY GROUPING SETS ((), (user_id), (team_id))""",
            base.select(*map(SQL.identifier, ("user_id", "team_id", "response_seconds"))),
        )
        overall, found = None, {"user": {}, "team": {}}
        for user_id, team_id, no_user, no_team, median, count in self.env.execute_query(query):
            if not no_user:
                found["user"][user_id] = (median, count)
            elif not no_team:
                found["team"][team_id] = (median, count)
            else:
                overall = median
        for group, medians in found.items():
            for row in groups[group]:
                row["median"], row["contacted"] = medians.get(row["key"], (None, 0))
        return overall

    @api.model
    def _overview_name(self, groups):
        """Cut each group to its top, with names people know.

        :param dict groups: rows by group; changed in place
        """
        for group, rows in groups.items():
            del rows[TOP:]
            if group in MODELS:
                ids = [row["key"] for row in rows if row["key"]]
                records = self.env[MODELS[group]].sudo().browse(ids).exists()
                names = {record.id: record.display_name for record in records}
                for row in rows:
                    row["name"] = names.get(row["key"])

    @api.model
    def _overview_waiting(self):
        """Return who waits for a first contact now: how many, how many too long, the first."""
        # As the index has it; a lead that a person checks first waits for that.
        names = {"first_contact_at": False, "won_status": "pending", "is_open": True}
        waiting = Domain([(name, "=", value) for name, value in names.items()])
        waiting &= ~Domain("lead_id", "any", self.env["tiktok.assignment"]._get_held_domain())
        minutes = self.env.company.sudo().tiktok_call_minutes or const.CALL_MINUTES
        late = read_transaction_clock(self.env) - timedelta(minutes=minutes)
        figures = [SQL("count(*)"), SQL("count(*) FILTER (WHERE received_at < %s)", late)]
        count, late_count = self.env.execute_query(self._search(waiting).select(*figures))[0]
        return {
            "count": count,
            "late": late_count,
            "minutes": minutes,
            "leads": [
                {
                    "id": row.lead_id.id,
                    "name": row.lead_id.display_name,
                    "form": row.form_id.sudo().name or "",
                    "user": row.user_id.sudo().name or "",
                    "since": fields.Datetime.to_string(row.received_at),
                }
                for row in self.search(waiting, order="received_at, id", limit=TOP)
            ],
        }

    @api.model
    def _overview_events(self, since):
        """Return what came of all that was received: for who may see all of the company.

        :param datetime since: when the period begins, in UTC
        :rtype: dict | None
        """
        if not self.env.user.has_group(MANAGERS):
            return None
        found = {"received": 0, "created": 0, "earlier": 0, "waiting": 0, "none": 0}
        for state, reason, count in self.env["tiktok.event"]._read_group(
            self._overview_events_domain(since), ["state", "reason"], ["__count"]
        ):
            found["received"] += count
            if state == "done":
                found["earlier" if reason else "created"] += count
            else:
                found["waiting" if state == "pending" else "none"] += count
        return found

    @api.model
    def _overview_events_domain(self, since):
        """Return which events tell of leads that people sent in a period.

        :param datetime since: UTC
        :rtype: Domain
        """
        return Domain(
            [
                *(("kind", "=", "lead"), ("received_at", ">=", since), ("source", "!=", "test")),
                ("reason", "!=", "connection_test"),
                ("lead_id", "not any", [("tiktok_is_test", "=", True)]),
            ]
        )

    @api.model
    def action_open_events(self, days=DEFAULT_PERIOD, only="received"):
        """Open the events behind a figure.

        :param int days: one of `PERIODS`
        :param str only: received, created, earlier, waiting or none
        :rtype: dict
        :raise AccessError: if the user may not read events
        """
        self.env["tiktok.event"].check_access("read")
        _days, since = self._overview_since(days)
        done, pending = Domain("state", "=", "done"), Domain("state", "=", "pending")
        outcomes = {
            "received": Domain.TRUE,
            "created": done & Domain("reason", "=", False),
            "earlier": done & Domain("reason", "!=", False),
            "waiting": pending,
            "none": ~done & ~pending,
        }
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.tiktok_event_action")
        domain = list(self._overview_events_domain(since) & outcomes[only])
        return {**action, "domain": domain, "context": {"create": False}}
