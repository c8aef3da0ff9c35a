"""A clock that the tests set, for speed to lead."""

import json
from datetime import timedelta, timezone

from odoo import fields

from .common import freeze_clock
from .common_team import TeamCommon

SPEED = "ir_cron_speed_to_lead"
# A Wednesday, 10:00 in UTC: at work. Still to come, as the database has its own clock.
NOW = fields.Datetime.from_string("2030-11-20 10:00:00")


def seconds(moment):
    """Return a moment in UTC as TikTok writes it."""
    return int(moment.replace(tzinfo=timezone.utc).timestamp())


class SpeedCommon(TeamCommon):
    """With a clock that the tests set, and Odoo's ordinary working hours in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "UTC"

    def setUp(self):
        super().setUp()
        self.frozen = self.enterContext(freeze_clock(NOW))
        self.skip_missed_runs()

    def new_lead(self, **values):
        """Return a lead submitted two minutes ago."""
        return self.make(create_time=seconds(NOW - timedelta(minutes=2)), **values)

    def calls(self, lead):
        """Return the open activities of a lead that ask for a call."""
        return lead.activity_ids.filtered("tiktok_call")

    def get_popups(self, user, kind=None):
        """Return the pop-ups of a user, from `last_popup_id` on.

        :param user: res.users
        :param str kind: of the pop-ups, by default all
        :rtype: list[dict]
        """
        bus = self.env["bus.bus"]
        self.env.flush_all()
        self.env.cr.precommit.run()
        found = bus.sudo().search([("id", ">", getattr(self, "last_popup_id", 0))], order="id")
        return [
            message["payload"]
            for message, channel in ((json.loads(one.message), one.channel) for one in found)
            if message["type"] == "tiktok_new_lead"
            and json.loads(channel)[1:] == ["res.partner", user.partner_id.id]
            and (kind is None or message["payload"]["kind"] == kind)
        ]

    def later(self, minutes):
        """Move the clock, counted from the start of the test, and run the job.

        :param int minutes: since the start
        """
        self.frozen.move_to(NOW + timedelta(minutes=minutes))
        self.run_cron(SPEED)
