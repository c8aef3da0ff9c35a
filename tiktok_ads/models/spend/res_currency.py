from odoo import api, models


class ResCurrency(models.Model):
    """The browser knows the currency of each ad account, also one that is not active in Odoo."""

    _inherit = "res.currency"

    @api.model
    def get_all_currencies(self):
        """Return the currencies by which the browser formats money.

        :rtype: dict[int, dict]
        """
        known = super().get_all_currencies()
        used = self.env["tiktok.advertiser"].sudo().with_context(active_test=False)
        groups = used._read_group([("spend_currency_id", "!=", False)], ["spend_currency_id"])
        inactive = (currency for (currency,) in groups if currency.id not in known)
        return known | {
            each.id: {
                "name": each.name,
                "symbol": each.symbol,
                "position": each.position,
                "digits": [69, each.decimal_places],
            }
            for each in inactive
        }
