import logging

from markupsafe import Markup

from odoo import fields, models

from .tiktok_advertiser_connect import RECONNECT

_logger = logging.getLogger(__name__)
WATCH = "tiktok_leadgen.mail_activity_type_watch_ads"
MANAGERS = "sales_team.group_sale_manager"
_MAIL = Markup(
    '<p>%s</p><p><a href="%s" style="padding: 8px 16px; color: #fff; background-color: #714b67; '
    'border-radius: 4px; text-decoration: none">%s</a></p>'
)


class TiktokAdvertiser(models.Model):
    """Who is told of what the watchdog found: once for each problem, until it is mended."""

    _inherit = "tiktok.advertiser"

    def _connect(self, token, name=""):
        found = super()._connect(token, name)
        found._watch_soon()
        return found

    def _keep_verdict(self, verdict):
        """Write down how it is, tell of a new problem, take back one that is gone.

        :param verdict: `tiktok_advertiser_watch.Verdict`
        """
        now = fields.Datetime.now()
        values = {
            "health": verdict.health,
            "health_problem": verdict.problem or False,
            "health_reason": verdict.reason or False,
            "health_fix": verdict.fix or False,
            "health_tried_at": now,
        }
        if not verdict.unchecked:
            values.update(health_checked_at=now, health_unchecked_since=False)
        self.write(values)
        if verdict.health == "broken":
            self._alarm(verdict)
        elif verdict.health == "ok" and not verdict.unchecked:
            self._end_alarm()

    def _alarm(self, verdict):
        """Give one activity and one mail, unless this problem was told already."""
        if self.health_told == verdict.problem:
            return
        self.activity_unlink([WATCH])
        self.health_told = verdict.problem
        people = self._alarmed()
        try:
            with self.env.cr.savepoint():
                self._give_activity(verdict, people[:1])
                self._send_alarm(verdict, people)
        except Exception as error:  # noqa: BLE001 - telling must never undo what is told
            _logger.warning(
                "TikTok ad account %s: nobody could be told (%s)", self.id, type(error).__name__
            )

    def _end_alarm(self):
        if not self.health_told:
            return
        self.health_told = False
        self.activity_unlink([WATCH])
        if self.state == "connected":
            self.message_post(body=self.env._("TikTok leads of this ad account come again."))

    def _alarmed(self):
        """Return who is told: the responsible one first, then the sales managers who follow it.

        :rtype: res.users
        """
        responsible = self.user_id.filtered("active") or self._fallback_user()
        followers = self.message_partner_ids.user_ids.filtered(
            lambda user: (
                user.active and user.has_group(MANAGERS) and self.company_id in user.company_ids
            )
        )
        return responsible | followers

    def _give_activity(self, verdict, user):
        if self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(RECONNECT)
        ):
            return  # it says the same
        self.activity_schedule(
            WATCH,
            user_id=user.id,
            summary=self.env._("No TikTok leads from %s", self.name),
            note=verdict.reason,
        )

    def _send_alarm(self, verdict, people):
        """Send the mail; its button opens the ad account, where one click mends it."""
        labels = dict(self._fields["health_fix"]._description_selection(self.env))
        url = f"{self.get_base_url()}/odoo/tiktok-ad-accounts/{self.id}"
        self.message_notify(
            partner_ids=people.partner_id.ids,
            subject=self.env._("TikTok leads of %s need you", self.name),
            body=_MAIL % (verdict.reason, url, labels.get(verdict.fix, self.env._("Open"))),
        )
