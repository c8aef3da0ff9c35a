import heapq
import itertools

from odoo import fields, models
from odoo.tools import SQL


class TiktokTurn(models.Model):
    """Whose turn it is in a team: who got a lead longest ago comes first.

    The rows of a team are locked until the commit. Another worker waits for them and then starts
    again from what is there (a serialization failure), so nobody's turn is given twice.
    """

    _name = "tiktok.turn"
    _description = "Turn of a salesperson"
    _log_access = False

    team_id = fields.Many2one("crm.team", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    last_turn = fields.Integer(required=True, readonly=True)

    _user_uniq = models.Constraint("UNIQUE(team_id, user_id)", "A user has one turn in a team.")

    def _take(self, team, users, count, loads=None):
        """Return who gets the next leads, and remember it.

        :param team: crm.team
        :param users: res.users who can take one, in the order of the team
        :param int count: how many leads there are
        :param dict loads: open leads by user id: the least busy gets the next one
        :rtype: list[int]
        """
        turns = self._lock(team, users)
        numbers = itertools.count(max(turns.values()) + 1)
        loads = loads or {}
        by_load = bool(loads)
        queue = [
            (loads.get(user_id, 0), turns[user_id], place, user_id)
            for place, user_id in enumerate(users.ids)
        ]
        heapq.heapify(queue)
        taken = []
        for _lead in range(count):
            load, _turn, place, user_id = queue[0]
            turns[user_id] = next(numbers)
            heapq.heapreplace(queue, (load + by_load, turns[user_id], place, user_id))
            taken.append(user_id)
        self._remember(team, {user_id: turns[user_id] for user_id in taken})
        return taken

    def _of_team(self, team):
        """Return the last turn of each member, without a lock.

        :rtype: dict[int, int]
        """
        return {
            turn.user_id.id: turn.last_turn for turn in self.search([("team_id", "=", team.id)])
        }

    def _lock(self, team, users):
        """Return the last turn of each member, locked; a new one comes first."""
        query = SQL(
            """SELECT user_id, last_turn FROM tiktok_turn WHERE team_id = %s
                ORDER BY id FOR NO KEY UPDATE""",
            team.id,
        )
        turns = dict(self.env.execute_query(query))
        new = [user_id for user_id in users.ids if user_id not in turns]
        if new:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO tiktok_turn (team_id, user_id, last_turn)
                       SELECT %s, user_id, 0 FROM unnest(%s) AS user_id
                           ON CONFLICT DO NOTHING""",
                    team.id,
                    new,
                )
            )
        return {**dict.fromkeys(new, 0), **turns}

    def _remember(self, team, turns):
        self.env.cr.execute(
            SQL(
                """UPDATE tiktok_turn turn SET last_turn = given.last_turn
                     FROM unnest(%s, %s) AS given (user_id, last_turn)
                    WHERE turn.team_id = %s AND turn.user_id = given.user_id""",
                list(turns),
                list(turns.values()),
                team.id,
            )
        )
        self.invalidate_model(["last_turn"], flush=False)
