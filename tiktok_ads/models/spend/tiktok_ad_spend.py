from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.tiktok.values import format_line

from ...tiktok import correction

COLUMNS = (
    *("ad_uid", "adgroup_uid", "campaign_uid", "date", "spend", "impressions", "clicks"),
    *("tiktok_lead_count", "ad_id", "adgroup_id", "campaign_id", "is_corrected"),
)
TYPES = (
    *("varchar", "varchar", "varchar", "date", "numeric", "integer", "integer"),
    *("integer", "integer", "integer", "integer", "boolean"),
)
UPDATED = ("company_id", "currency_id", "fetched_at", *(c for c in COLUMNS if c != "ad_uid"))


class TiktokAdSpend(models.Model):
    """What one ad cost on one day of its ad account.

    Only SQL writes rows: a night brings thousands, and each may be there already.
    """

    _name = "tiktok.ad.spend"
    _description = "TikTok Ad Spend"
    _order = "date desc, spend desc, id desc"
    _rec_name = "ad_uid"
    _log_access = False

    advertiser_id = fields.Many2one(
        "tiktok.advertiser", "Ad account", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    campaign_uid = fields.Char("Campaign ID", readonly=True)
    adgroup_uid = fields.Char("Ad group ID", readonly=True)
    ad_uid = fields.Char("Ad ID", required=True, readonly=True)
    campaign_id = fields.Many2one(
        "tiktok.ad.entity", readonly=True, index=True, ondelete="set null"
    )
    adgroup_id = fields.Many2one(
        "tiktok.ad.entity", "Ad group", readonly=True, index=True, ondelete="set null"
    )
    ad_id = fields.Many2one("tiktok.ad.entity", readonly=True, index=True, ondelete="set null")
    date = fields.Date(
        "Day", required=True, readonly=True, help="Of the ad account's own time zone."
    )
    spend = fields.Monetary(readonly=True, help="In the currency of the ad account.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    impressions = fields.Integer(readonly=True)
    clicks = fields.Integer(readonly=True)
    tiktok_lead_count = fields.Integer(
        "Form submissions (TikTok)", readonly=True, help="Instant Forms that TikTok counts."
    )
    fetched_at = fields.Datetime("Fetched on", required=True, readonly=True)
    is_corrected = fields.Boolean(
        "Final",
        readonly=True,
        help="TikTok corrects what a day cost at 12:00 UTC of the next day: it was fetched after.",
    )

    _day_uniq = models.Constraint(
        "UNIQUE(advertiser_id, ad_uid, date)", "An ad has one spend a day."
    )
    _advertiser_date_idx = models.Index("(advertiser_id, date)")

    # === BUSINESS METHODS === #

    @api.model
    def _store_ad_days(self, advertiser, rows, moment):
        """Store what ads cost; a day that is here already is overwritten.

        :param advertiser: tiktok.advertiser, with its currency
        :param list rows: `spend_report.AdDay`
        :param datetime moment: when this fetch began, in UTC
        """
        days = {(row.ad_uid, row.day): row for row in rows}  # one statement writes a row once
        if not days:
            return
        entities = self._store_entities(advertiser, days.values(), moment)
        values = [_build_values(row, entities, moment) for row in days.values()]
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        arrays = SQL(", ").join(
            SQL("%s::%s[]", list(column), SQL(kind))
            for column, kind in zip(zip(*values, strict=True), TYPES, strict=True)
        )
        updates = SQL(", ").join(
            SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name)) for name in UPDATED
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO tiktok_ad_spend
                       (advertiser_id, company_id, currency_id, fetched_at, %(columns)s)
                   SELECT %(advertiser)s, %(company)s, %(currency)s, %(moment)s, fetched.*
                     FROM unnest(%(arrays)s) AS fetched (%(columns)s)
                    ORDER BY ad_uid, date
                       ON CONFLICT (advertiser_id, ad_uid, date) DO UPDATE SET %(updates)s""",
                columns=columns,
                advertiser=advertiser.id,
                company=advertiser.company_id.id,
                currency=advertiser.spend_currency_id.id,
                moment=moment,
                arrays=arrays,
                updates=updates,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _store_entities(self, advertiser, rows, moment):
        """Store the campaigns, ad groups and ads that a report names.

        :param advertiser: tiktok.advertiser
        :param rows: `spend_report.AdDay`
        :param datetime moment: when TikTok was asked, in UTC
        :return: id of the tiktok.ad.entity by kind and TikTok's ID
        :rtype: dict[tuple[str, str], int]
        """
        entities, company = self.env["tiktok.ad.entity"], advertiser.company_id
        names = {}
        for row in rows:
            for kind, uid in _list_uids(row):
                name = format_line(row.names.get(kind))
                names[kind, uid] = name or names.get((kind, uid), "")
        domain = [("company_id", "=", company.id), ("uid", "in", [uid for _kind, uid in names])]
        known = {(each.kind, each.uid) for each in entities.search_fetch(domain, ["kind", "uid"])}
        sent = {
            key: (moment, name or key[1])
            for key, name in names.items()
            if name or key not in known  # what has no name is called by its ID
        }
        entities._store_names(company, sent)
        found = entities.search_fetch(domain, ["kind", "uid"])
        found._set_advertiser(advertiser)
        ids = {(each.kind, each.uid): each.id for each in found}
        entities._set_parents(
            {
                ids["ad", row.ad_uid]: (
                    ids.get(("campaign", row.campaign_uid)),
                    ids.get(("adgroup", row.adgroup_uid)),
                )
                for row in rows
            }
        )
        return ids

    @api.model
    def _sum_days(self, advertiser, first, last, moment=None):
        """Sum what is stored of an ad account, by day.

        :param advertiser: tiktok.advertiser
        :param date first: day
        :param date last: day
        :param datetime moment: only rows of the fetch that began then
        :return: spend and number of rows by day
        :rtype: dict[date, tuple[Decimal, int]]
        """
        query = SQL(
            """SELECT date, SUM(spend)::text, count(*) FROM tiktok_ad_spend
                WHERE advertiser_id = %s AND date BETWEEN %s AND %s %s GROUP BY date""",
            advertiser.id,
            first,
            last,
            SQL("AND fetched_at = %s", moment) if moment else SQL(),
        )
        rows = self.env.execute_query(query)  # Odoo reads numbers as floats, texts keep their cents
        return {day: (Decimal(spend), count) for day, spend, count in rows}

    @api.model
    def _delete_outdated_days(self, advertiser, days, moment):
        """Delete what a report no longer has: what was corrected to nothing is left out of it.

        :param advertiser: tiktok.advertiser
        :param days: that were fetched completely
        :param datetime moment: when the fetch began, in UTC
        """
        query = SQL(
            """DELETE FROM tiktok_ad_spend
                WHERE advertiser_id = %s AND date = ANY(%s) AND fetched_at < %s""",
            advertiser.id,
            list(days),
            moment,
        )
        self.env.cr.execute(query)
        self.invalidate_model(flush=False)


def _list_uids(row):
    """Return the campaign, ad group and ad of a row, without those that TikTok leaves out.

    :param spend_report.AdDay row: of a report
    :return: pairs of kind and TikTok's ID
    :rtype: list[tuple[str, str]]
    """
    uids = (("campaign", row.campaign_uid), ("adgroup", row.adgroup_uid), ("ad", row.ad_uid))
    return [(kind, uid) for kind, uid in uids if uid]


def _build_values(row, entities, moment):
    """Return the values of a row in the order of `COLUMNS`.

    :param spend_report.AdDay row: of a report
    :param dict entities: of `_store_entities`
    :param datetime moment: when TikTok was asked, in UTC
    :rtype: tuple
    """
    return (
        row.ad_uid,
        row.adgroup_uid or None,
        row.campaign_uid or None,
        row.day,
        row.spend,
        row.impressions,
        row.clicks,
        row.form_count,
        entities.get(("ad", row.ad_uid)),
        entities.get(("adgroup", row.adgroup_uid)),
        entities.get(("campaign", row.campaign_uid)),
        moment >= correction.find_correction(row.day),
    )
