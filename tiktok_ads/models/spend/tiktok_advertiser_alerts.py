from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock
from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from ... import const
from ...tiktok import ad_account_info

COST_ALERT = "tiktok_ads.mail_activity_type_cost"


class TiktokAdvertiser(models.Model):
    """Alerts: qualified leads cost too much, money is spent without leads, TikTok counts more.

    Each alert is a flag with its figures, shown on the ad account, and one activity for its
    responsible user while it lasts.
    """

    _inherit = "tiktok.advertiser"

    company_currency_id = fields.Many2one(
        string="Company currency", related="company_id.currency_id"
    )
    is_suspended = fields.Boolean(
        "Suspended", readonly=True, copy=False, help="TikTok shows no ads of this ad account."
    )
    qualified_cost = fields.Monetary(
        "Cost per qualified lead",
        readonly=True,
        copy=False,
        currency_field="company_currency_id",
        groups=SALES_MANAGERS,
        help="Of the last 30 days.",
    )
    is_qualified_cost_high = fields.Boolean(
        "Qualified leads cost too much", readonly=True, copy=False
    )
    spend_without_lead = fields.Monetary(
        "Spend since the last lead",
        readonly=True,
        copy=False,
        currency_field="company_currency_id",
        groups=SALES_MANAGERS,
    )
    is_without_leads = fields.Boolean("Spend without leads", readonly=True, copy=False)
    lead_gap = fields.Integer(
        "Leads that TikTok counts and Odoo does not have",
        readonly=True,
        copy=False,
        help="Of the last 14 days, without the last 48 hours.",
    )
    lead_gap_since = fields.Datetime("TikTok counts more leads since", readonly=True, copy=False)
    has_lead_gap = fields.Boolean("TikTok counts more leads", readonly=True, copy=False)
    spend_notified = fields.Char(readonly=True, copy=False, help="Alerts with an activity.")

    # === BUSINESS METHODS === #

    def _check_spend_alerts(self):
        """Compare the costs with the limits of the company, and notify of what is new."""
        self.ensure_one()
        company = self.company_id.sudo()
        report = self.env["tiktok.return.report"].with_company(company)
        cost, without_lead = self._measure_qualified_cost(report), self._measure_leadless(report)
        limit = company.tiktok_ads_qualified_cost_limit
        most = company.tiktok_ads_spend_without_lead
        gap, since = self._measure_lead_gap(report)
        longest = timedelta(hours=const.LEAD_GAP_HOURS)
        self.write(
            {
                "is_suspended": self.account_status in ad_account_info.SUSPENDED,
                "qualified_cost": cost,
                "is_qualified_cost_high": bool(limit) and cost > limit,
                "spend_without_lead": without_lead,
                "is_without_leads": bool(most) and without_lead > most,
                "lead_gap": gap,
                "lead_gap_since": since,
                "has_lead_gap": bool(since) and read_transaction_clock(self.env) - since >= longest,
            }
        )
        self._notify_alerts()

    def _measure_qualified_cost(self, report):
        """Return what a qualified lead cost in the last 30 days; without any, what was spent.

        :param report: tiktok.return.report of the company
        :return: in the currency of the company
        :rtype: float
        """
        first = self._get_spend_today() - timedelta(days=const.ALERT_DAYS)
        cost, count = self._read_report_sums(report, first, ["cost:sum", "qualified_count:sum"])
        return (cost or 0.0) / (count or 1)

    def _measure_leadless(self, report):
        """Return what was spent since the last lead, or in 30 days, without the current day.

        What was spent before the ad account was connected brought leads elsewhere.

        :param report: tiktok.return.report of the company
        :return: in the currency of the company
        :rtype: float
        """
        today = self._get_spend_today()
        first = today - timedelta(days=const.ALERT_DAYS)
        mine = Domain("advertiser_id", "=", self.id) & Domain("lead_count", ">", 0)
        ((last,),) = report._read_group(mine & Domain("date", ">=", first), [], ["date:max"])
        first = last + timedelta(days=1) if last else first
        if self.connected_at:
            first = max(first, self.connected_at.date())
        (cost,) = self._read_report_sums(report, first, ["cost:sum"], today - timedelta(days=1))
        return cost or 0.0

    def _measure_lead_gap(self, report):
        """Return how many more leads TikTok counts than Odoo has, and since when.

        TikTok books a form on the day of the click, Odoo on the day it was submitted: only sums
        over days are compared, of days that ended 48 hours ago.

        :param report: tiktok.return.report of the company
        :return: leads, and when the gap was first seen or False
        :rtype: tuple[int, datetime | bool]
        """
        last = self._get_spend_today() - timedelta(days=1 + const.LEAD_GAP_HOURS // 24)
        first = last - timedelta(days=const.LEAD_GAP_DAYS - 1)
        names = ["tiktok_lead_count:sum", "lead_count:sum"]
        theirs, ours = self._read_report_sums(report, first, names, last)
        gap = max(0, round((theirs or 0) - (ours or 0)))
        return gap, (self.lead_gap_since or read_transaction_clock(self.env)) if gap else False

    def _read_report_sums(self, report, first, names, last=None):
        """Sum measures of this ad account.

        :param report: tiktok.return.report of the company
        :param date first: day
        :param list names: as of `_read_group`
        :param date last: day; None for all
        :rtype: tuple
        """
        domain = Domain("advertiser_id", "=", self.id) & Domain("date", ">=", first)
        if last:
            domain &= Domain("date", "<=", last)
        return report._read_group(domain, [], names)[0]

    def _notify_alerts(self):
        """Schedule one activity for each new alert, and remove those of past ones."""
        alerts = self._list_alerts()
        notified = dict(each.partition(":")[::2] for each in (self.spend_notified or "").split())
        if alerts.keys() == notified.keys():
            return
        past = {number for key, number in notified.items() if key not in alerts}
        self.activity_ids.filtered(lambda each: str(each.id) in past).unlink()
        user = self._find_alarm_users()[:1]
        numbers = {key: notified[key] for key in alerts if key in notified}
        for key in alerts.keys() - notified.keys():
            activity = self.activity_schedule(
                COST_ALERT,
                user_id=user.id,
                summary=alerts[key],
                note=self.env._("Open the ad account: it shows the figures."),
            )
            numbers[key] = activity.id if activity else ""
        self.spend_notified = " ".join(f"{key}:{numbers[key]}" for key in alerts) or False

    def _list_alerts(self):
        """Return the alerts that are on.

        :return: their summary by their key
        :rtype: dict[str, str]
        """
        name = isolate(self.name)
        texts = {
            "is_suspended": self.env._("TikTok has suspended %s", name),
            "is_qualified_cost_high": self.env._("Qualified leads of %s cost too much", name),
            "is_without_leads": self.env._("%s spends money and brings no leads", name),
            "has_lead_gap": self.env._("TikTok counts more leads of %s than Odoo has", name),
        }
        return {key: text for key, text in texts.items() if self[key]}
