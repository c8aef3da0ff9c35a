import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const, settings

_logger = logging.getLogger(__name__)

FORMER_TOKEN, KNOWN_SOURCE, UNKNOWN = "former_token", "known_source", "unknown"
RECOGNIZED = [
    (FORMER_TOKEN, "Former webhook token"),
    (KNOWN_SOURCE, "Known ad account or form"),
    (UNKNOWN, "Nothing"),
]


class TiktokEvent(models.Model):
    """The bounds of the quarantine.

    Anyone can post to the webhook. What speaks for a real sender decides which room a delivery
    takes, so that invented deliveries can't fill the room of those whose token was replaced.
    """

    _inherit = "tiktok.event"

    recognized_by = fields.Selection(
        RECOGNIZED,
        readonly=True,
        help="What speaks for the sender of an unverified delivery. It is no verification.",
    )

    _quarantine_idx = models.Index(
        "(company_id, recognized_by, received_at) INCLUDE (raw_size) WHERE state = 'quarantined'"
    )

    @api.model
    def _recognize_senders(self, rows, proof):
        """Write into unverified rows what speaks for their sender.

        :param list rows: dicts of `_prepare_row`, quarantined
        :param Proof proof: of the request
        """
        for company_id in {row["company_id"] for row in rows}:
            of_company = [row for row in rows if row["company_id"] == company_id]
            if proof.has_former_token(company_id):
                known = dict.fromkeys(map(id, of_company), FORMER_TOKEN)
            else:
                known = self._find_known_sources(company_id, of_company)
            for row in of_company:
                row["recognized_by"] = known.get(id(row), UNKNOWN)

    @api.model
    def _find_known_sources(self, company_id, rows):
        """Find which rows name an ad account or a form of their company.

        :param company_id: of all rows, or None
        :param list rows: dicts of `_prepare_row`
        :return: `KNOWN_SOURCE` by the row's identity
        :rtype: dict
        """
        if not company_id:
            return {}
        of_company = ("company_id", "=", company_id)
        uids = {row["advertiser_uid"] for row in rows} - {None}
        wanted = [of_company, ("advertiser_uid", "in", list(uids)), ("state", "!=", "draft")]
        found = self.env["tiktok.advertiser"].sudo().search_fetch(wanted, ["advertiser_uid"])
        advertisers = set(found.mapped("advertiser_uid"))
        advertisers |= {uid for uid in uids if settings.advertiser_company_id(uid) == company_id}
        pages = {row["page_uid"] for row in rows} - {None}
        forms = self.env["tiktok.form"].sudo().with_context(active_test=False)
        found = forms.search_fetch([of_company, ("page_uid", "in", list(pages))], ["page_uid"])
        pages = set(found.mapped("page_uid"))
        return {
            id(row): KNOWN_SOURCE
            for row in rows
            if row["advertiser_uid"] in advertisers or row["page_uid"] in pages
        }

    @api.model
    def _find_full_rooms(self, rows):
        """Find where the new rows don't fit: too many within the hour, or in total.

        TikTok sends what was refused again for 24 hours.

        :param list rows: dicts of `_prepare_row`, quarantined and recognized
        :return: pairs of company id and what the sender is recognized by
        :rtype: set
        """
        full = set()
        for room in {(row["company_id"], row["recognized_by"]) for row in rows}:
            sizes = [r["raw_size"] for r in rows if (r["company_id"], r["recognized_by"]) == room]
            stored = self._measure_room(*room)
            limits = (
                *(const.QUARANTINE_ROWS, const.QUARANTINE_BYTES),
                *const.QUARANTINE_ROOMS[room[1]],
            )
            added = (len(sizes), sum(sizes)) * 2
            counts = [old + new for old, new in zip(stored, added, strict=True)]
            if any(count > limit for count, limit in zip(counts, limits, strict=True)):
                _logger.warning(
                    "TikTok company %s: unverified deliveries refused: %s within the hour, %s in "
                    "total, recognized by: %s",
                    *(room[0], counts[0], counts[2], room[1]),
                )
                full.add(room)
        return full

    @api.model
    def _measure_room(self, company_id, recognized_by):
        """Measure what is quarantined.

        :return: rows and bytes of the last hour, then rows and bytes in total
        :rtype: tuple[int, int, int, int]
        """
        query = SQL(
            """SELECT count(*) FILTER (WHERE is_new),
                      coalesce(sum(raw_size) FILTER (WHERE is_new), 0),
                      count(*), coalesce(sum(raw_size), 0)
                 FROM (SELECT raw_size,
                              received_at > now() AT TIME ZONE 'UTC' - %s * interval '1 hour'
                              AS is_new
                         FROM tiktok_event
                        WHERE company_id %s AND state = 'quarantined' AND recognized_by = %s
                      ) AS kept""",
            const.QUARANTINE_HOURS,
            SQL("= %s", company_id) if company_id else SQL("IS NULL"),
            recognized_by,
        )
        return self.env.execute_query(query)[0]

    @api.autovacuum
    def _gc_unverified(self):
        """Delete deliveries that stayed quarantined for `QUARANTINE_DAYS`.

        :return: how many were deleted, and how many are left at least
        :rtype: tuple[int, int]
        """
        before = fields.Datetime.now() - timedelta(days=const.QUARANTINE_DAYS)
        domain = [("state", "=", "quarantined"), ("received_at", "<", before)]
        old = self.sudo().search(domain, limit=const.GC_BATCH)
        old.unlink()
        return len(old), int(len(old) == const.GC_BATCH)
