import heapq
import itertools

import pytz

from odoo import api, fields, models

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock
from odoo.addons.tiktok_leadgen.time_zone import is_known_zone
from odoo.addons.tiktok_leadgen.working_hours import find_time_zone


class TiktokRoundRobin(models.Model):
    """Round robin by weights, within each member's number of leads a day.

    Each lead moves its member on by one part of the weight: with 2 a member comes twice as often as
    with 1. Who was away is not given what was missed meanwhile.
    """

    _inherit = "tiktok.round.robin"

    share_start = fields.Float(readonly=True)
    share_end = fields.Float(readonly=True)
    day = fields.Date(readonly=True)
    day_count = fields.Integer(readonly=True)

    @api.model
    def _assign_next(self, team, users, count, loads=None):
        """Assign the next leads by weights and daily numbers, where a member has any.

        :param team: crm.team
        :param users: res.users who can take one, in the order of the team
        :param int count: how many leads there are
        :param dict[int, int] loads: open leads by user id, if the least busy gets the next one
        :return: ids of users, fewer than leads if all have reached their daily number
        :rtype: list[int]
        """
        members = team.sudo().crm_team_member_ids
        if not any(each.tiktok_weight != 1 or each.tiktok_daily_cap for each in members):
            return super()._assign_next(team, users, count, loads)
        positions = self._lock_positions(team, users)
        self.invalidate_model()
        rows = {row.user_id.id: row for row in self.search([("team_id", "=", team.id)])}
        queue = self._prepare_queue(team, users, positions, rows, loads)
        numbers = itertools.count(max(positions.values()) + 1)
        assigned, starts, weights = [], {}, {m.user_id.id: m.tiktok_weight for m in members}
        while queue and len(assigned) < count:
            load, start, _position, rank, room, user_id = heapq.heappop(queue)
            positions[user_id] = next(numbers)
            starts[user_id] = start
            assigned.append(user_id)
            part = 1 / weights[user_id]
            if room > 1:
                after = (load + bool(loads) * part, start + part, positions[user_id])
                heapq.heappush(queue, (*after, rank, room - 1, user_id))
        self._store_positions(team, {user_id: positions[user_id] for user_id in set(assigned)})
        self._store_shares(team, rows, assigned, starts, weights)
        return assigned

    @api.model
    def _prepare_queue(self, team, users, positions, rows, loads):
        """Return the members who can take a lead today, the next one first.

        :param team: crm.team
        :param users: res.users who can take one, in the order of the team
        :param dict positions: by user id
        :param dict rows: by user id
        :param dict[int, int] loads: open leads by user id, or None
        :return: a heap
        :rtype: list[tuple]
        """
        today, queue = self._get_team_date(team), []
        latest = max((row.share_start for row in rows.values()), default=0)
        members = {member.user_id.id: member for member in team.sudo().crm_team_member_ids}
        for rank, user_id in enumerate(users.ids):
            member, row = members.get(user_id), rows[user_id]
            weight, cap = (member.tiktok_weight, member.tiktok_daily_cap) if member else (0, 0)
            given = row.day_count if row.day == today else 0
            room = cap - given if cap else float("inf")
            if weight > 0 and room > 0:
                load = (loads or {}).get(user_id, 0) / weight
                start = max(latest, row.share_end)
                queue.append((load, start, positions[user_id], rank, room, user_id))
        heapq.heapify(queue)
        return queue

    @api.model
    def _store_shares(self, team, rows, assigned, starts, weights):
        """Store how far each member has come, and how many leads each got today.

        :param team: crm.team
        :param dict rows: by user id; locked
        :param list[int] assigned: ids of users
        :param dict starts: of the last lead, by user id
        :param dict weights: by user id
        """
        today = self._get_team_date(team)
        for user_id, start in starts.items():
            row = rows[user_id]
            given = row.day_count if row.day == today else 0
            row.write(
                {
                    "share_start": start,
                    "share_end": start + 1 / weights[user_id],
                    "day": today,
                    "day_count": given + assigned.count(user_id),
                }
            )

    @api.model
    def _get_team_date(self, team):
        """Return the current date of a team, in the time zone of its working hours.

        :param team: crm.team
        :rtype: date
        """
        zone = find_time_zone(team, team.company_id or self.env.company)
        zone = zone if zone and is_known_zone(zone) else "UTC"
        now = pytz.utc.localize(read_transaction_clock(self.env))
        return now.astimezone(pytz.timezone(zone)).date()
