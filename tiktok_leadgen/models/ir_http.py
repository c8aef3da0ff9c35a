from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.http import Response, request

from .. import const


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Keep the body of a lead as it came: Odoo would take a form apart and leave nothing."""
        result = super()._pre_dispatch(rule, args)
        if cls._is_lead_webhook():
            request.httprequest.get_data(cache=True)
        return result

    @classmethod
    def _is_lead_webhook(cls):
        return f"{request.httprequest.path.rstrip('/')}/" == const.LEAD_WEBHOOK_ROUTE

    @classmethod
    def _handle_error(cls, exception):
        """Answer 503 where a webhook could not be stored: TikTok then tries again for a day."""
        if isinstance(exception, HTTPException) or not cls._is_lead_webhook():
            return super()._handle_error(exception)
        return Response("Not stored, try again.\n", status=503, mimetype="text/plain")
