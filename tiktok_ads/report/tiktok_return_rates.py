from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from .tiktok_return_report import SINCE


class TiktokReturnReport(models.Model):
    """The exchange rates: costs have that of their day, revenue has today's, as in CRM."""

    _inherit = "tiktok.return.report"

    @api.model
    def _select_rates(self, first=None):
        """Return the rate of each day on which money was spent in another currency.

        :param date first: only from this day on
        :rtype: SQL
        """
        first = first or self.env.context.get(SINCE)
        rows = []
        for currency_id, oldest, end in self._find_foreign_days():
            begin = max(oldest, first) if isinstance(first, date) else oldest
            days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
            rows += [(currency_id, *each) for each in self._list_day_rates(currency_id, days)]
        currencies, days, factors = ([row[n] for row in rows] for n in range(3))
        return SQL(
            """SELECT * FROM unnest(%s::integer[], %s::date[], %s::numeric[])
                   AS rate (currency_id, date, factor)""",
            currencies,
            days,
            factors,
        )

    @api.model
    def _find_foreign_days(self):
        """Find between which days money was spent in each currency but that of the company.

        :return: id of the currency, first and last day
        :rtype: list[tuple[int, date, date]]
        """
        self.env["tiktok.advertiser"].flush_model(["spend_currency_id"])
        query = SQL(
            """SELECT advertiser.spend_currency_id, min(first.date), max(last.date)
                 FROM tiktok_advertiser advertiser
                CROSS JOIN LATERAL (SELECT date FROM tiktok_ad_spend
                                     WHERE advertiser_id = advertiser.id
                                     ORDER BY date LIMIT 1) first
                CROSS JOIN LATERAL (SELECT date FROM tiktok_ad_spend
                                     WHERE advertiser_id = advertiser.id
                                     ORDER BY date DESC LIMIT 1) last
                WHERE advertiser.spend_currency_id != %s GROUP BY 1""",
            self.env.company.currency_id.id,
        )
        return self.env.execute_query(query)

    @api.model
    def _list_day_rates(self, currency_id, days):
        """Return by how much to multiply an amount on each day.

        :param int currency_id: of the amount
        :param list days: in order
        :return: day and factor
        :rtype: list[tuple[date, Decimal]]
        """
        target = self._load_rates(self.env.company.currency_id.id)
        source = self._load_rates(currency_id)
        return [(day, _find_rate(target, day) / _find_rate(source, day)) for day in days]

    @api.model
    def _load_rates(self, currency_id):
        """Load Odoo's rates of a currency: those of the company, and those of all companies.

        :param int currency_id: of the rates
        :return: two lists of days and rates, in order
        :rtype: list[tuple[list, list]]
        """
        self.env["res.currency.rate"].flush_model()
        query = SQL(
            """SELECT company_id IS NULL, name, rate::text FROM res_currency_rate
                WHERE currency_id = %s AND (company_id = %s OR company_id IS NULL) ORDER BY name""",
            currency_id,
            self.env.company.root_id.id,
        )
        rows = self.env.execute_query(query)
        groups = ([row[1:] for row in rows if row[0] is shared] for shared in (False, True))
        return [([day for day, _r in rows], [Decimal(r) for _day, r in rows]) for rows in groups]

    @api.model
    def _convert_revenue(self, company, amount):
        """Convert revenue, which is in the currency of its lead's company, by today's rate.

        :param SQL company: id of the company
        :param SQL amount: of money
        :rtype: SQL
        """
        own, today = self.env.company, fields.Date.context_today(self)
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        cases = [
            SQL(
                "WHEN %s THEN %s::numeric",
                each.id,
                self.env["res.currency"]._get_conversion_rate(
                    each.currency_id, own.currency_id, own, today
                ),
            )
            for each in companies
            if each.currency_id != own.currency_id
        ]
        if not cases:
            return amount
        return SQL("%s * CASE %s %s ELSE 1 END", amount, company, SQL(" ").join(cases))


def _find_rate(rates, day):
    """Return Odoo's rate on a day: the last before it, else the first, else 1.

    :param list rates: of `_load_rates`
    :param date day: of the amount
    :rtype: Decimal
    """
    for days, values in rates:
        number = bisect_right(days, day)
        if number:
            return values[number - 1]
    return next((values[0] for _days, values in rates if values), Decimal(1))
