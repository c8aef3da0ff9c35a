from datetime import datetime, timedelta, timezone

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen.job_time import read_clock
from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS
from odoo.addons.tiktok_leadgen.time_zone import find_known_zone, is_known_zone

from ... import const
from ...tiktok import correction

STAGES = [
    ("recent", "Last 30 days"),
    ("history", "Earlier months"),
    ("check", "Comparing with the ad account's totals"),
    ("done", "Up to date"),
]
PROGRESS = {"recent": 5, "history": 20, "check": 40, "done": 100}


class TiktokAdvertiser(models.Model):
    """What an ad account costs: its currency and time zone, and how far its costs are fetched."""

    _inherit = "tiktok.advertiser"

    spend_currency_id = fields.Many2one(
        "res.currency", "Currency", readonly=True, copy=False, help="Of the ad account at TikTok."
    )
    spend_time_zone = fields.Char("Time zone", readonly=True, copy=False)
    account_status = fields.Char("Status at TikTok", readonly=True, copy=False)
    spend_stage = fields.Selection(STAGES, "Fetching", readonly=True, copy=False)
    spend_next_at = fields.Datetime("Next fetch", readonly=True, copy=False, index=True)
    spend_fetched_at = fields.Datetime("Costs fetched on", readonly=True, copy=False)
    spend_until = fields.Date("Costs fetched until", readonly=True, copy=False)
    # While the last days are fetched: those until this one are stored.
    spend_recent_until = fields.Date(readonly=True, copy=False)
    spend_from = fields.Date(
        "Costs fetched from", readonly=True, copy=False, help="13 months before the connection."
    )
    # The days from this one to the last were compared with the ad account's totals.
    spend_checked_from = fields.Date(readonly=True, copy=False)
    spend_task_uid = fields.Char(readonly=True, copy=False)
    is_spend_file_read = fields.Boolean(
        readonly=True, copy=False, help="The file with the earlier months is stored or refused."
    )
    spend_task_at = fields.Datetime(readonly=True, copy=False)
    spend_error = fields.Char("Why costs could not be fetched", readonly=True, copy=False)
    is_fetching_spend = fields.Boolean(compute="_compute_spend_progress")
    spend_progress = fields.Float("Progress", compute="_compute_spend_progress")
    other_spend = fields.Monetary(
        "Costs without an ad",
        readonly=True,
        copy=False,
        currency_field="spend_currency_id",
        groups=SALES_MANAGERS,
        help="What TikTok reports for the whole ad account in the last 30 days, and for none of "
        "its ads.",
    )
    lacks_rate = fields.Boolean(compute="_compute_lacks_rate")

    # === COMPUTE METHODS === #

    @api.depends("spend_stage", "spend_checked_from", "spend_from", "state")
    def _compute_spend_progress(self):
        for advertiser in self:
            stage = advertiser.spend_stage
            is_open = advertiser.state == "connected" and stage not in (False, "done")
            advertiser.is_fetching_spend = is_open
            progress = PROGRESS.get(stage, 0)
            first, checked = advertiser.spend_from, advertiser.spend_checked_from
            if stage == "check" and first and checked:
                days = max(1, (advertiser._get_spend_today() - first).days)
                share = (advertiser._get_spend_today() - checked).days / days
                progress += (100 - progress) * min(1, share)
            advertiser.spend_progress = progress

    @api.depends("spend_currency_id", "company_id.currency_id")
    def _compute_lacks_rate(self):
        rates = self.env["res.currency.rate"].sudo()
        for advertiser in self:
            company = advertiser.company_id
            foreign = advertiser.spend_currency_id - company.currency_id
            known = foreign and rates.search_count(
                [
                    ("currency_id", "=", foreign.id),
                    ("company_id", "in", [company.root_id.id, False]),
                ],
                limit=1,
            )
            advertiser.lacks_rate = bool(foreign) and not known

    # === ACTION METHODS === #

    def action_fetch_spend(self):
        """Fetch the costs in the background, now.

        :return: the action that reloads the view
        :rtype: dict
        :raise UserError: if an ad account is not connected
        """
        self.check_access("write")
        if any(advertiser.state != "connected" for advertiser in self):
            raise UserError(self.env._("Connect the ad account first: the data comes from TikTok."))
        self._request_spend()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_view_spend(self):
        """Open what the ads of these ad accounts cost, day by day.

        :return: the action that opens the list
        :rtype: dict
        """
        self.env["tiktok.ad.spend"].check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_ads.tiktok_ad_spend_action")
        return {**action, "domain": [("advertiser_id", "in", self.ids)]}

    def action_view_return(self):
        """Open cost and return of these ad accounts.

        :return: the action that opens the analysis
        :rtype: dict
        """
        self.env["tiktok.return.report"].check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_ads.tiktok_return_report_action"
        )
        return {**action, "domain": [("advertiser_id", "in", self.ids)]}

    # === BUSINESS METHODS === #

    def _connect_advertiser(self, token, name=""):
        """Fetch the costs of an ad account as soon as it is connected.

        :param token: tiktok.business.token of the consent
        :param str name: at TikTok; empty leaves it as it is
        :return: the same with administrator rights
        :rtype: tiktok.advertiser
        """
        advertiser = super()._connect_advertiser(token, name)
        advertiser._request_spend()
        return advertiser

    def _request_spend(self):
        """Have the scheduled action fetch the costs, the last days first.

        The earlier months go on where they were. An earlier error is forgotten.
        """
        if not self:
            return
        now = read_clock(self.env)
        values = {"spend_recent_until": False, "spend_error": False}
        self.sudo().write({"spend_stage": "recent", "spend_next_at": now, **values})
        self.env.ref(const.SPEND_CRON_XMLID)._tiktok_trigger()

    def _get_spend_today(self):
        """Return the day it is now in the ad account's time zone.

        :rtype: date
        """
        self.ensure_one()
        now = read_clock(self.env).replace(tzinfo=timezone.utc)
        return now.astimezone(find_known_zone(self.spend_time_zone)).date()

    def _get_day_start(self, day):
        """Return when a day of the ad account begins.

        :param date day: in its time zone
        :return: in UTC
        :rtype: datetime
        """
        zone = find_known_zone(self.spend_time_zone)
        local = zone.localize(datetime.combine(day, datetime.min.time()))
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    def _store_account_info(self, account):
        """Store currency, time zone and status of the ad account.

        :param ad_account_info.AdAccount account: what TikTok says
        """
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", account.currency)], limit=1)
        values = {"account_status": account.status}
        if currency:
            values["spend_currency_id"] = currency.id
        zone = next((name for name in account.time_zones if self._is_usable_zone(name)), False)
        if zone:
            values["spend_time_zone"] = zone
        changed = {name for name, value in values.items() if self[name] != value}
        if changed - {"spend_currency_id"} or self.spend_currency_id != currency:
            self.write(values)

    @api.model
    def _is_usable_zone(self, name):
        """Tell whether this server and the database know a time zone.

        :param str name: like ``Europe/Paris``
        :rtype: bool
        """
        if not name or not is_known_zone(name):
            return False
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute("SELECT now() AT TIME ZONE %s", [name], log_exceptions=False)
        except psycopg2.DataError:
            return False
        return True

    def _get_history_start(self):
        """Return the first day whose costs are fetched: 13 months ago, or as it was.

        :rtype: date
        """
        start = self._get_spend_today() - relativedelta(months=const.HISTORY_MONTHS)
        return min(self.spend_from or start, start)

    def _get_recent_start(self):
        """Return the first day that is fetched again: a month ago, or before the last fetch.

        :rtype: date
        """
        month = timedelta(days=const.SPEND_DAYS - 1)
        first = self._get_spend_today() - month
        if not self.spend_until:
            return first
        return max(min(first, self.spend_until - month), self._get_history_start())

    def _plan_spend(self, wait):
        """Plan the next step of this ad account.

        :param timedelta wait: until then
        """
        self.spend_next_at = read_clock(self.env) + wait
        self.env.ref(const.SPEND_CRON_XMLID).sudo()._tiktok_trigger(self.spend_next_at)

    def _plan_nightly_spend(self):
        """Plan the next fetch after TikTok's next correction."""
        now = read_clock(self.env)
        self._plan_spend(correction.find_nightly(now, *const.NIGHTLY_TIME) - now)
