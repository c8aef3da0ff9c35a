from odoo import fields, models
from odoo.tools import SQL


class TiktokAdEntity(models.Model):
    """The ad account of a campaign, ad group or ad: leads may lack it, costs have it."""

    _inherit = "tiktok.ad.entity"

    advertiser_id = fields.Many2one(
        "tiktok.advertiser",
        "Ad account",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _set_advertiser(self, advertiser):
        """Store whose these are, where that is not known yet.

        :param advertiser: tiktok.advertiser
        """
        query = SQL(
            """UPDATE tiktok_ad_entity SET advertiser_id = %(advertiser)s
                WHERE id IN (SELECT id FROM tiktok_ad_entity
                              WHERE id = ANY(%(ids)s)
                                AND advertiser_id IS DISTINCT FROM %(advertiser)s
                              ORDER BY id FOR NO KEY UPDATE)""",
            advertiser=advertiser.id,
            ids=self.ids,
        )
        self.env.cr.execute(query)
        self.invalidate_recordset(["advertiser_id"], flush=False)
