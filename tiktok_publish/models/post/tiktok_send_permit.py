from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.job_time import read_clock

from ... import const
from ...tiktok import posting

WINDOW_SECONDS = 60
HELD_SECONDS = 300  # no call lasts so long: the process that holds a permit has died
NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")


class TiktokSendPermit(models.Model):
    """One of the calls with which an account may send posts in a minute.

    TikTok counts a call when it arrives: some time after it was sent and before it was answered. A
    permit is acquired before the call and is free a minute after its answer, so TikTok gets only
    as many calls as it allows in any minute, however long each was on its way. All workers use the
    same rows, and one clock counts, to the microsecond: PostgreSQL's.
    """

    _name = "tiktok.send.permit"
    _description = "TikTok Send Permit"
    _log_access = False

    account_id = fields.Many2one("tiktok.account", required=True, index=True, ondelete="cascade")
    number = fields.Integer(required=True)
    free_at = fields.Datetime(required=True)  # written by SQL alone

    _number_uniq = models.Constraint("UNIQUE(account_id, number)")

    @api.model
    def _acquire_permit(self, account):
        """Acquire a free permit before a call that sends a post. It counts once committed.

        :param account: tiktok.account
        :return: the permit; empty if none is free
        :rtype: tiktok.send.permit
        """
        self._create_missing_permits(account)
        query = SQL(
            """UPDATE tiktok_send_permit SET free_at = %(now)s + %(held)s * interval '1 second'
                WHERE id = (SELECT id FROM tiktok_send_permit
                             WHERE account_id = %(account)s AND free_at <= %(now)s
                             ORDER BY free_at, number
                             LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id""",
            now=NOW,
            held=HELD_SECONDS,
            account=account.id,
        )
        # Another worker that was faster is no error: the post stays due.
        self.env.cr.execute(query, log_exceptions=False)
        return self.browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _create_missing_permits(self, account):
        self.env.cr.execute(
            SQL(
                """INSERT INTO tiktok_send_permit (account_id, number, free_at)
                   SELECT %s, number, %s FROM generate_series(1, %s) AS number
                   ON CONFLICT DO NOTHING""",
                account.id,
                NOW,
                posting.SENDS_PER_MINUTE,
            ),
            log_exceptions=False,
        )

    def _release_permit(self):
        """Start the minute after which a permit is free: its call was answered or given up."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE tiktok_send_permit SET free_at = %s + %s * interval '1 second' "
                    "WHERE id IN %s",
                    NOW,
                    WINDOW_SECONDS,
                    self._ids,
                )
            )

    @api.model
    def _find_next_free_time(self, account):
        """Return when an account may send its next post.

        :param account: tiktok.account
        :return: by PostgreSQL's clock, in whole seconds, never too early; None if it may now
        :rtype: datetime.datetime | None
        """
        query = SQL(
            """SELECT date_trunc('second', min(free_at)) + interval '1 second'
                 FROM tiktok_send_permit WHERE account_id = %s HAVING min(free_at) > %s""",
            account.id,
            NOW,
        )
        rows = self.env.execute_query(query)
        return rows[0][0] if rows else None

    @api.model
    def _find_minute_limit(self, account):
        """Return until when all permits of this minute are in use, and the sentence for it.

        :param account: tiktok.account
        :rtype: tuple[datetime.datetime, str]
        """
        soon = read_clock(self.env) + timedelta(seconds=const.POLL_SECONDS)
        sentence = self.env._(
            "TikTok accepts 6 posts per account and minute. The post is sent as soon as possible."
        )
        return self._find_next_free_time(account) or soon, sentence
