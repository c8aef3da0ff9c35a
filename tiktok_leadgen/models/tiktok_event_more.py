from odoo import api, models

MORE = "more"  # begins the key of a second delivery that may know more than the first


class TiktokEvent(models.Model):
    """A lead that comes by webhook and by TikTok's export has an event of each: see `news`."""

    _inherit = "tiktok.event"

    @api.model
    def _more_key(self):
        """Return the key of a row as SQL.

        What the webhook brings after the export brought it is kept beside it: it may know more.
        But nothing is kept of a lead that somebody deleted: it would come again.
        """
        return f"""
            CASE WHEN source = 'webhook' AND state = 'pending' AND EXISTS (
                     SELECT FROM tiktok_event known
                      WHERE COALESCE(known.company_id, 0) = COALESCE(item.company_id, 0)
                        AND known.dedup_key = item.dedup_key AND known.source = 'backfill'
                        AND (known.lead_id IS NOT NULL
                             OR known.state IN ('pending', 'failed')))
                 THEN '{MORE}:' || dedup_key ELSE dedup_key END
        """
