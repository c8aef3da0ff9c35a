from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from .. import const


class TiktokForm(models.Model):
    """How often a form brings leads, and when it is silent for too long."""

    _inherit = "tiktok.form"

    silent_since = fields.Datetime(
        "Compared after", readonly=True, copy=False, help="The lead after which it fell silent."
    )

    def _gone_silent(self):
        """Return the published forms that are silent for much longer than they ever are.

        The longest pause of the last weeks knows of nights and weekends. Each silence is looked
        into once.

        :rtype: tiktok.form
        """
        forms = self.filtered(lambda form: form.status == "published")
        wanted = forms.filtered(
            lambda form: form.is_wanted or form.advertiser_id.subscribe_to == "all"
        )
        now, silent = fields.Datetime.now(), self.browse()
        rhythms = wanted._rhythms(now)
        for form in wanted:
            count, last, pause = rhythms.get(form.page_uid, (0, None, None))
            if count < const.RHYTHM_LEADS or form.silent_since == last:
                continue
            patience = max(pause * 2, timedelta(hours=const.SILENCE_HOURS))
            if now - last > patience:
                form.silent_since = last
                silent += form
        return silent

    def _rhythms(self, now):
        """Return how many leads came lately, when the last one and the longest pause, by form.

        :rtype: dict[str, tuple]
        """
        if not self:
            return {}
        self.env["tiktok.event"].flush_model()
        query = SQL(
            """
            SELECT page_uid, count(*), max(moment), max(moment - before)
              FROM (SELECT page_uid, moment, lag(moment) OVER (
                               PARTITION BY page_uid ORDER BY moment) AS before
                      FROM (SELECT page_uid, date_trunc('second',
                                   coalesce(submitted_at, received_at)) AS moment
                              FROM tiktok_event
                             WHERE company_id = ANY(%s) AND page_uid = ANY(%s) AND kind = 'lead'
                               AND state = 'done' AND source IN ('webhook', 'backfill')) AS came
                     WHERE moment BETWEEN %s AND %s) AS paced
             GROUP BY page_uid
            """,
            self.company_id.ids,
            self.mapped("page_uid"),
            now - timedelta(days=const.RHYTHM_DAYS),
            now,
        )
        rows = self.env.execute_query(query)
        return {uid: (count, last, pause or timedelta()) for uid, count, last, pause in rows}
