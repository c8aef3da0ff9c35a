from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from .big_integer import BigInteger


class TiktokAccountStat(models.Model):
    """The four counts of an account on one day, as the last sync of that day found them."""

    _name = "tiktok.account.stat"
    _description = "TikTok Account History"
    _order = "date desc, id desc"
    _rec_name = "date"

    account_id = fields.Many2one(
        "tiktok.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    date = fields.Date(required=True, readonly=True)
    # Of several days the largest: counts of days don't add up.
    follower_count = fields.Integer("Followers", readonly=True, aggregator="max")
    following_count = fields.Integer("Following", readonly=True, aggregator="max")
    likes_count = BigInteger("Likes", readonly=True, aggregator="max")
    video_count = fields.Integer("Public videos", readonly=True, aggregator="max")

    _day_uniq = models.Constraint("UNIQUE(account_id, date)", "An account has one row per day.")

    @api.model
    def _keep(self, account):
        """Write today's row, or write it anew.

        :param account: tiktok.account whose counts are up to date
        """
        counts = [account[name] for name in const.ACCOUNT_COUNTS]
        columns = [SQL.identifier(name) for name in const.ACCOUNT_COUNTS]
        # One statement: a button and the scheduled action may come at the same time.
        self.env.cr.execute(
            SQL(
                """INSERT INTO tiktok_account_stat
                          (account_id, company_id, date, %(columns)s,
                           create_uid, create_date, write_uid, write_date)
                   VALUES (%(account)s, %(company)s, %(today)s, %(counts)s,
                           %(uid)s, %(now)s, %(uid)s, %(now)s)
              ON CONFLICT (account_id, date)
                DO UPDATE SET (%(columns)s, write_date) = ROW (%(counts)s, EXCLUDED.write_date)""",
                columns=SQL(", ").join(columns),
                counts=SQL(", ").join(SQL("%s", count) for count in counts),
                account=account.id,
                company=account.company_id.id,
                today=fields.Date.today(),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model()
