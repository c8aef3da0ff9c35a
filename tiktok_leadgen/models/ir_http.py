from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from odoo import models
from odoo.http import Response, request

from .. import const


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Keep a webhook's body before Odoo takes it apart as a form: it may be JSON."""
        result = super()._pre_dispatch(rule, args)
        if cls._is_tiktok_webhook():
            http = request.httprequest
            body = http.get_data()
            # A body in chunks tells no length: what is too long was cut off here without a word.
            if http.content_length is None and len(body) >= const.MAX_WEBHOOK_BYTES:
                raise RequestEntityTooLarge
        return result

    @classmethod
    def _is_tiktok_webhook(cls):
        return f"{request.httprequest.path.rstrip('/')}/" == const.LEAD_WEBHOOK_ROUTE

    @classmethod
    def _handle_error(cls, exception):
        """Answer 503 where a webhook could not be stored: TikTok then tries again for a day."""
        if not cls._is_tiktok_webhook() or isinstance(exception, HTTPException):
            return super()._handle_error(exception)
        return Response("Not stored, try again.\n", status=503, mimetype="text/plain")
