from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from odoo import models
from odoo.http import Response, request

from ... import const
from ...server_wide import install_guards

WEBHOOKS = (const.LEAD_WEBHOOK_ROUTE, const.DEVELOPER_WEBHOOK_ROUTE)
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class IrHttp(models.AbstractModel):
    """How requests to the webhooks and the accounts API are read, and how their errors answer."""

    _inherit = "ir.http"

    def _register_hook(self):
        super()._register_hook()
        install_guards()

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Read the body of a webhook before Odoo does, which would parse a form and leave nothing.

        :param rule: as of Odoo's method
        :param args: as of Odoo's method
        :return: as of Odoo's method
        :raise RequestEntityTooLarge: if the body has no length and reaches the limit
        """
        result = super()._pre_dispatch(rule, args)
        if f"{request.httprequest.path.rstrip('/')}/" in WEBHOOKS:
            http = request.httprequest
            body = http.get_data()
            # A chunked body has no length: a longer one was silently cut off here.
            if http.content_length is None and len(body) >= http.max_content_length:
                raise RequestEntityTooLarge
        return result

    @classmethod
    def _match(cls, path_info):
        try:
            return super()._match(path_info)
        except MethodNotAllowed as error:
            # Odoo does not call `_handle_error` for this one.
            if _is_accounts_api(path_info):
                error.error_response = cls._tiktok_prepare_json_error(error)
            raise

    @classmethod
    def _handle_error(cls, exception):
        """Answer 503 where a delivery could not be stored: TikTok then tries again for a day.

        A program that calls the accounts API gets JSON, also for errors before and after it.

        :param exception: what was raised
        :return: the answer
        """
        path = f"{request.httprequest.path.rstrip('/')}/"
        if path in WEBHOOKS and not isinstance(exception, HTTPException):
            return Response("Not stored, try again.\n", status=503, mimetype="text/plain")
        if _is_accounts_api(path):
            return cls._tiktok_prepare_json_error(exception)
        return super()._handle_error(exception)

    @classmethod
    def _tiktok_prepare_json_error(cls, exception):
        """Prepare the accounts API's answer to an error; an unexpected one shows nothing.

        :param exception: what was raised
        :return: the answer
        """
        if isinstance(exception, HTTPException) and exception.response:
            return exception.response
        status, message, headers = 500, "Something went wrong.", {}
        if isinstance(exception, HTTPException):
            status, message = exception.code, exception.name
        if isinstance(exception, MethodNotAllowed):
            headers["Allow"] = ", ".join(exception.valid_methods or ())
        error = {"code": CODES.get(status, "error"), "message": message}
        return request.make_json_response({"error": error}, headers=headers, status=status)


def _is_accounts_api(path):
    path = f"{path.rstrip('/')}/"
    return path.startswith(const.ACCOUNTS_ROUTE) and not path.startswith(const.OAUTH_ROUTES)
