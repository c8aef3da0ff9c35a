from odoo import api, fields, models
from odoo.tools import SQL

from ..tiktok import posting

WINDOW_SECONDS = 60
HELD_SECONDS = 300  # no call takes so long: whoever holds a slot then has died
NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")


class TiktokPostSlot(models.Model):
    """One of the calls with which an account may begin posts in a minute.

    TikTok counts a call when it arrives: some time after it was sent and before it was answered. A
    slot is taken before the call and is free a minute after its answer, so no more calls than
    allowed arrive in any minute, however long each was on its way. All workers take the same rows,
    and one clock counts, to the microsecond: PostgreSQL's.
    """

    _name = "tiktok.post.slot"
    _description = "TikTok Post Slot"
    _log_access = False

    account_id = fields.Many2one("tiktok.account", required=True, index=True, ondelete="cascade")
    number = fields.Integer(required=True)
    free_at = fields.Datetime(required=True)  # written by SQL alone

    _number_uniq = models.Constraint("UNIQUE(account_id, number)")

    @api.model
    def _take(self, account):
        """Take a slot that is free, before a call that begins a post. It counts when committed.

        :param account: tiktok.account
        :return: the slot, an empty one if none is free
        :rtype: tiktok.post.slot
        """
        self._make_slots(account)
        query = SQL(
            """UPDATE tiktok_post_slot SET free_at = %(now)s + %(held)s * interval '1 second'
                WHERE id = (SELECT id FROM tiktok_post_slot
                             WHERE account_id = %(account)s AND free_at <= %(now)s
                             ORDER BY free_at, number
                             LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id""",
            now=NOW,
            held=HELD_SECONDS,
            account=account.id,
        )
        # Another worker that was faster is no error: the job starts again from the claim.
        self.env.cr.execute(query, log_exceptions=False)
        return self.browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _make_slots(self, account):
        self.env.cr.execute(
            SQL(
                """INSERT INTO tiktok_post_slot (account_id, number, free_at)
                   SELECT %s, number, %s FROM generate_series(1, %s) AS number
                   ON CONFLICT DO NOTHING""",
                account.id,
                NOW,
                posting.SENDS_PER_MINUTE,
            ),
            log_exceptions=False,
        )

    def _release(self):
        """Start the minute after which a slot is free: its call was answered, or is given up."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE tiktok_post_slot SET free_at = %s + %s * interval '1 second' "
                    "WHERE id IN %s",
                    NOW,
                    WINDOW_SECONDS,
                    self._ids,
                )
            )

    @api.model
    def _next_free_at(self, account):
        """Return when an account may begin its next post.

        :param account: tiktok.account
        :return: by PostgreSQL's clock, in whole seconds, never too early; None if it may now
        :rtype: datetime.datetime | None
        """
        query = SQL(
            """SELECT date_trunc('second', min(free_at)) + interval '1 second'
                 FROM tiktok_post_slot WHERE account_id = %s HAVING min(free_at) > %s""",
            account.id,
            NOW,
        )
        rows = self.env.execute_query(query)
        return rows[0][0] if rows else None
