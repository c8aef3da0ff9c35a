from odoo import fields


class BigInteger(fields.Integer):
    """A count that may pass 2³¹: views and likes of the largest accounts do."""

    _column_type = ("int8", "int8")
