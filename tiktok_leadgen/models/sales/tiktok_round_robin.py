import heapq
import itertools

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

_TABLE = Markup(
    '<table class="table table-sm mb-0 w-auto"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
)
_NUMBER = "text-end"
_HEAD = Markup('<th class="fw-normal text-muted %s">%s</th>')
_ROW = Markup(
    '<tr><td class="pe-4"><bdi>%s</bdi> %s</td><td class="text-end">%s</td>'
    '<td class="text-end">%s</td></tr>'
)
_BADGE = Markup('<span class="badge rounded-pill %s">%s</span>')


class TiktokRoundRobin(models.Model):
    """The order of a team's members: who was assigned a lead longest ago comes first.

    The rows of a team are locked until the commit. Another worker waits for them and then starts
    again from what is there (a serialization failure), so no position is used twice.
    """

    _name = "tiktok.round.robin"
    _description = "Round robin position of a salesperson"
    _log_access = False

    team_id = fields.Many2one("crm.team", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    last_position = fields.Integer(required=True, readonly=True)

    _user_uniq = models.Constraint("UNIQUE(team_id, user_id)", "A user has one position per team.")

    # === POSITIONS === #

    @api.model
    def _assign_next(self, team, users, count, loads=None):
        """Assign the next leads to members of a team, and store their new positions.

        :param team: crm.team
        :param users: res.users who can take one, in the order of the team
        :param int count: how many leads there are
        :param dict[int, int] loads: open leads by user id, if the least busy gets the next one
        :return: ids of users, one for each lead
        :rtype: list[int]
        """
        positions = self._lock_positions(team, users)
        numbers = itertools.count(max(positions.values()) + 1)
        loads = loads or {}
        by_load = bool(loads)
        queue = [
            (loads.get(user_id, 0), positions[user_id], rank, user_id)
            for rank, user_id in enumerate(users.ids)
        ]
        heapq.heapify(queue)
        assigned = []
        for _lead in range(count):
            load, _position, rank, user_id = queue[0]
            positions[user_id] = next(numbers)
            heapq.heapreplace(queue, (load + by_load, positions[user_id], rank, user_id))
            assigned.append(user_id)
        self._store_positions(team, {user_id: positions[user_id] for user_id in assigned})
        return assigned

    @api.model
    def _get_team_positions(self, team):
        """Return the position of each member, without a lock.

        :param team: crm.team
        :return: positions by user id; the lowest comes first
        :rtype: dict[int, int]
        """
        return {
            row.user_id.id: row.last_position for row in self.search([("team_id", "=", team.id)])
        }

    @api.model
    def _lock_positions(self, team, users):
        """Return the position of each member, locked; a new one comes first.

        :param team: crm.team
        :param users: res.users who get a row if they have none
        :return: positions by user id
        :rtype: dict[int, int]
        """
        query = SQL(
            """SELECT user_id, last_position FROM tiktok_round_robin WHERE team_id = %s
                ORDER BY id FOR NO KEY UPDATE""",
            team.id,
        )
        positions = dict(self.env.execute_query(query))
        new = [user_id for user_id in users.ids if user_id not in positions]
        if new:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO tiktok_round_robin (team_id, user_id, last_position)
                       SELECT %s, user_id, 0 FROM unnest(%s::int[]) AS user_id
                           ON CONFLICT DO NOTHING""",
                    team.id,
                    new,
                )
            )
        return {**dict.fromkeys(new, 0), **positions}

    @api.model
    def _store_positions(self, team, positions):
        """Store the new positions of members.

        :param team: crm.team
        :param dict[int, int] positions: by user id
        """
        self.env.cr.execute(
            SQL(
                """UPDATE tiktok_round_robin member SET last_position = latest.last_position
                     FROM unnest(%s::int[], %s::int[]) AS latest (user_id, last_position)
                    WHERE member.team_id = %s AND member.user_id = latest.user_id""",
                list(positions),
                list(positions.values()),
                team.id,
            )
        )
        self.invalidate_model(["last_position"], flush=False)

    # === ON THE COMPANY'S PAGE === #

    @api.model
    def _render_team_table(self, company):
        """Return the members of the company's team in the order in which they get the next leads.

        :param company: res.company with all rights
        :return: a table, or False where the company does not assign round robin or least busy
        :rtype: Markup | bool
        """
        if company.tiktok_assignment not in ("round_robin", "least_busy"):
            return False
        team = company.env["crm.lead"]._tiktok_find_team(company, test=True)
        users = team.crm_team_member_ids.sorted("id").user_id
        if not users:
            return False
        available = team._tiktok_get_available_users(company)
        loads, today = users._tiktok_count_open_leads(), self._count_assigned_today(company, users)
        order = self._order_team_members(company, team, users, available, loads)
        rows = [
            _ROW
            % (
                user.name,
                self._render_member_badge(company, user, available, is_next=not rank),
                today[user.id],
                loads[user.id],
            )
            for rank, user in enumerate(order)
        ]
        numbers = (self.env._("today"), self.env._("open"))
        head = [_HEAD % ("", team.name), *(_HEAD % (_NUMBER, label) for label in numbers)]
        return _TABLE % (Markup().join(head), Markup().join(rows))

    @api.model
    def _order_team_members(self, company, team, users, available, loads):
        """Sort members in the order of the next leads; who can't take one comes last.

        :param company: res.company
        :param team: crm.team
        :param users: res.users, all members in the order of the team
        :param available: res.users who can take a lead now
        :param dict[int, int] loads: open leads by user id
        :rtype: res.users
        """
        positions = company.env["tiktok.round.robin"]._get_team_positions(team)
        by_load = company.tiktok_assignment == "least_busy"
        return users.sorted(
            lambda user: (
                user not in available,
                loads[user.id] if by_load else 0,
                positions.get(user.id, 0),
                users.ids.index(user.id),
            )
        )

    @api.model
    def _render_member_badge(self, company, user, available, is_next):
        """Return the mark of the next member, or why a member gets no lead.

        :param company: res.company
        :param user: res.users
        :param available: res.users who can take a lead now
        :param bool is_next: whether the user is the first of the table
        :rtype: Markup | str
        """
        if user in available:
            return _BADGE % ("text-bg-success", self.env._("next")) if is_next else ""
        if user in user._tiktok_filter_absent():
            return _BADGE % ("text-bg-warning", self.env._("out of office"))
        if user not in user._tiktok_filter_able(company):
            return _BADGE % ("text-bg-danger", self.env._("no access"))
        return _BADGE % ("text-bg-secondary", self.env._("paused"))

    @api.model
    def _count_assigned_today(self, company, users):
        """Return how many TikTok leads each user was assigned since the day began.

        :param company: res.company
        :param users: res.users
        :rtype: dict[int, int]
        """
        domain = [
            *self.env["tiktok.assignment"]._get_company_domain(company),
            ("tiktok_last_assigned_at", ">=", company._tiktok_get_day_start()),
            ("user_id", "in", users.ids),
        ]
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        groups = leads._read_group(domain, ["user_id"], ["__count"])
        return {**dict.fromkeys(users.ids, 0), **{user.id: count for user, count in groups}}
