from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from .. import const


class TiktokEvent(models.Model):
    _inherit = "tiktok.event"

    @api.autovacuum
    def _gc_scrub(self):
        """Remove answers that are older than their company wants to keep them.

        Only what still waits is left. What failed and was never replayed in all that time loses its
        answers too: the law does not wait for us. An unverified delivery that was discarded loses
        them after `QUARANTINE_DAYS` at the latest: the company never asked for it.

        :return: how many were done, and how many are left at least
        :rtype: tuple[int, int]
        """
        query = SQL(
            """WITH old AS (
                    SELECT event.id FROM tiktok_event event
                      LEFT JOIN res_company company ON company.id = event.company_id
                     WHERE event.scrubbed_at IS NULL AND event.state != 'pending'
                       AND event.received_at < %(now)s - interval '1 day' * least(
                           nullif(coalesce(company.tiktok_retention_days, %(days)s), 0),
                           CASE event.trust WHEN 'none' THEN %(unverified_days)s END)
                     LIMIT %(limit)s
                       FOR NO KEY UPDATE OF event SKIP LOCKED)
               UPDATE tiktok_event SET raw = NULL, history = NULL, scrubbed_at = %(now)s
                 FROM old WHERE tiktok_event.id = old.id""",
            days=const.DEFAULT_RETENTION_DAYS,
            unverified_days=const.QUARANTINE_DAYS,
            now=fields.Datetime.now(),
            limit=const.GC_BATCH,
        )
        self.env.cr.execute(query)
        self.env.invalidate_all(flush=False)
        done = self.env.cr.rowcount
        return done, int(done == const.GC_BATCH)

    @api.autovacuum
    def _tell_of_kept(self):
        """Tell who is responsible each day that something new is kept aside: it goes in time."""
        since = fields.Datetime.now() - timedelta(days=1)
        new = [("state", "=", "quarantined"), ("received_at", ">=", since)]
        for company, count in self.sudo()._read_group(new, ["company_id"], ["__count"]):
            keeper = company or self.env.ref("base.main_company")
            keeper._tiktok_tell(
                self.env._("TikTok deliveries are kept aside"),
                self.env._(
                    "Deliveries without proof since yesterday: %(count)s. Open CRM → Integrations "
                    "→ TikTok → Events, filter Kept aside: each says what it lacks. Fix that, then "
                    "accept what is yours. The others are deleted after %(days)s days.",
                    count=count,
                    days=const.QUARANTINE_DAYS,
                ),
            )

    @api.autovacuum
    def _gc_purge(self):
        """Delete rows that have long been scrubbed: they have no more to prove."""
        before = fields.Datetime.now() - timedelta(days=const.PURGE_EXTRA_DAYS)
        old = self.sudo().search([("scrubbed_at", "<", before)], limit=const.GC_BATCH)
        old.unlink()
        return len(old), int(len(old) == const.GC_BATCH)

    @api.autovacuum
    def _gc_test_leads(self):
        """Delete test leads nobody worked on."""
        before = fields.Datetime.now() - timedelta(days=const.TEST_LEAD_DAYS)
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = [
            ("tiktok_is_test", "=", True),
            ("create_date", "<", before),
            ("user_id", "=", False),
            ("won_status", "!=", "won"),
            ("activity_ids", "=", False),
        ]
        old = leads.search(domain, limit=const.GC_BATCH)
        old = old.filtered(
            lambda lead: (
                not self._was_changed_by_person(lead)
                and "comment" not in lead.message_ids.mapped("message_type")
            )
        )
        old.unlink()
        return len(old), 0

    @api.model
    def _was_changed_by_person(self, lead):
        """Tell whether somebody wrote on a lead after it was made; what jobs compute is no work."""
        later = lead.write_date - lead.create_date > timedelta(minutes=1)
        return later and lead.write_uid.id != SUPERUSER_ID
