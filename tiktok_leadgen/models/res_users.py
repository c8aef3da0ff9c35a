from datetime import timedelta

import pytz

from odoo import fields, models

from ..clash import lock_references
from .time_zone import is_known_zone

SALESPEOPLE = "sales_team.group_sale_salesman"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _tiktok_able(self, company):
        """Return those of these who may work on leads of the company at all.

        :param company: res.company
        :rtype: res.users
        """
        return self.sudo().filtered(
            lambda user: (
                user.active
                and not user.share
                and company in user.company_ids
                and user.has_group(SALESPEOPLE)
            )
        )

    def _tiktok_away(self):
        """Return those of these who are out of office now.

        What Odoo itself knows: the vacation responder of the user's preferences, and time off of
        the user's resource, where the Time Off app writes too. A public holiday is nobody's own.

        :rtype: res.users
        """
        users = self.sudo()
        now = fields.Datetime.now()
        leaves = self.env["resource.calendar.leaves"].sudo()
        domain = [
            ("resource_id.user_id", "in", users.ids),
            ("time_type", "=", "leave"),
            ("date_from", "<=", now),
            ("date_to", ">=", now),
        ]
        return users.filtered("is_out_of_office") | leaves.search(domain).resource_id.user_id

    def _tiktok_unlocked(self):
        """Return those of these to whom a lead can refer without waiting for a lock.

        :rtype: res.users
        """
        free = lock_references(self.env.cr, {("res_users", user_id) for user_id in self.ids})
        return self.filtered(lambda user: ("res_users", user.id) in free)

    def _tiktok_env(self):
        """Return an environment that speaks this user's language: jobs speak OdooBot's.

        :rtype: odoo.api.Environment
        """
        return self.with_context(lang=self.sudo().lang).env

    def _tiktok_today(self):
        """Return the date where this user is.

        :rtype: date
        """
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self.sudo().tz))

    def _tiktok_hours(self, company):
        """Return the working hours of this user in the company.

        :return: the calendar, empty if there is none; and the user's resource, if any
        :rtype: tuple
        """
        self.ensure_one()
        resource = self.sudo().resource_ids.filtered(
            lambda r: r.company_id in (company, r.browse())
        )
        resource = resource[:1]
        calendar = resource.calendar_id or company.sudo().resource_calendar_id
        if any(zone and not is_known_zone(zone) for zone in (calendar.tz, resource.tz)):
            return calendar.browse(), resource  # Odoo cannot read hours in such a zone
        return calendar, resource

    def _tiktok_works(self, company, now):
        """Tell whether this user is at work at that moment.

        :param datetime now: UTC
        :rtype: bool
        """
        calendar, resource = self._tiktok_hours(company)
        if not calendar:
            return True
        start = pytz.utc.localize(now)
        hours = calendar._work_intervals_batch(
            start, start + timedelta(minutes=1), resources=resource
        )
        return bool(list(hours[resource.id]))

    def _tiktok_after(self, company, now, minutes):
        """Return when so many minutes of this user's working time are over.

        Time off of one's own does not count: the lead does not wait until it is over.

        :param datetime now: UTC
        :param int minutes: of work
        :rtype: datetime
        """
        calendar, resource = self._tiktok_hours(company)
        if self._tiktok_away():
            resource = resource.browse()
        planned = calendar and calendar.plan_hours(
            minutes / 60, now, compute_leaves=True, resource=resource
        )
        return planned or now + timedelta(minutes=minutes)

    def _tiktok_open_leads(self):
        """Return how many open leads each of these has, in all companies.

        :rtype: dict[int, int]
        """
        domain = [("user_id", "in", self.ids), ("won_status", "=", "pending")]
        groups = self.env["crm.lead"].sudo()._read_group(domain, ["user_id"], ["__count"])
        return {**dict.fromkeys(self.ids, 0), **{user.id: count for user, count in groups}}
