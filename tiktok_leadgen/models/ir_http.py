from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.http import Response, request

from .. import const

WEBHOOKS = (const.LEAD_WEBHOOK_ROUTE, const.DEVELOPER_WEBHOOK_ROUTE)
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        """Answer 503 where a webhook could not be stored: TikTok then tries again for a day.

        Whoever calls the API gets JSON, also for what goes wrong before or behind it.
        """
        path = f"{request.httprequest.path.rstrip('/')}/"
        if path in WEBHOOKS and not isinstance(exception, HTTPException):
            return Response("Not stored, try again.\n", status=503, mimetype="text/plain")
        if path.startswith(const.ACCOUNTS_ROUTE) and not path.startswith(const.OAUTH_ROUTES):
            return cls._tiktok_json_error(exception)
        return super()._handle_error(exception)

    @classmethod
    def _tiktok_json_error(cls, exception):
        """Return an error in the API's form; of what nobody foresaw it says nothing."""
        if isinstance(exception, HTTPException) and exception.response:
            return exception.response
        status = exception.code if isinstance(exception, HTTPException) else 500
        headers = {}
        if status == 405 and getattr(exception, "valid_methods", None):
            headers["Allow"] = ", ".join(exception.valid_methods)
        message = exception.name if isinstance(exception, HTTPException) else "Something went wrong."
        error = {"code": CODES.get(status, "error"), "message": message}
        return request.make_json_response({"error": error}, headers=headers, status=status)
