from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from odoo import models
from odoo.http import Response, request

from .. import const
from ..server_wide import install_guards

WEBHOOKS = (const.LEAD_WEBHOOK_ROUTE, const.DEVELOPER_WEBHOOK_ROUTE)
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _register_hook(self):
        super()._register_hook()
        install_guards()

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Keep the body of a webhook as it came: Odoo would take a form apart and leave nothing."""
        result = super()._pre_dispatch(rule, args)
        if f"{request.httprequest.path.rstrip('/')}/" in WEBHOOKS:
            http = request.httprequest
            body = http.get_data()
            # A body in chunks tells no length: what is too long was cut off here without a word.
            if http.content_length is None and len(body) >= http.max_content_length:
                raise RequestEntityTooLarge
        return result

    @classmethod
    def _match(cls, path_info):
        try:
            return super()._match(path_info)
        except MethodNotAllowed as error:
            # Odoo passes this one by `_handle_error`.
            if _is_api(path_info):
                error.error_response = cls._tiktok_json_error(error)
            raise

    @classmethod
    def _handle_error(cls, exception):
        """Answer 503 where a webhook could not be stored: TikTok then tries again for a day.

        Whoever calls the API gets JSON, also for what goes wrong before or behind it.
        """
        path = f"{request.httprequest.path.rstrip('/')}/"
        if path in WEBHOOKS and not isinstance(exception, HTTPException):
            return Response("Not stored, try again.\n", status=503, mimetype="text/plain")
        if _is_api(path):
            return cls._tiktok_json_error(exception)
        return super()._handle_error(exception)

    @classmethod
    def _tiktok_json_error(cls, exception):
        """Return an error in the API's form; of what nobody foresaw it says nothing."""
        if isinstance(exception, HTTPException) and exception.response:
            return exception.response
        status, message, headers = 500, "Something went wrong.", {}
        if isinstance(exception, HTTPException):
            status, message = exception.code, exception.name
        if isinstance(exception, MethodNotAllowed):
            headers["Allow"] = ", ".join(exception.valid_methods or ())
        error = {"code": CODES.get(status, "error"), "message": message}
        return request.make_json_response({"error": error}, headers=headers, status=status)


def _is_api(path):
    path = f"{path.rstrip('/')}/"
    return path.startswith(const.ACCOUNTS_ROUTE) and not path.startswith(const.OAUTH_ROUTES)
