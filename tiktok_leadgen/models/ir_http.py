from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.http import Response, request

from .. import const


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        """Answer 503 where a webhook could not be stored: TikTok then tries again for a day."""
        path = f"{request.httprequest.path.rstrip('/')}/"
        if path != const.LEAD_WEBHOOK_ROUTE or isinstance(exception, HTTPException):
            return super()._handle_error(exception)
        return Response("Not stored, try again.\n", status=503, mimetype="text/plain")
