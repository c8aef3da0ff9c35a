from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain
from odoo.http import Response, request

from ... import const, live_updates
from ...locks import refuse_locked_rows
from ...rpc_guard import is_own_call
from ...server_wide import install_guards
from .res_company import SALES_MANAGERS

WEBHOOKS = (const.LEAD_WEBHOOK_ROUTE, const.DEVELOPER_WEBHOOK_ROUTE)
DELIVERY_PATH = const.LEAD_WEBHOOK_ROUTE.rstrip("/")
PATH_OPERATORS = ("any", "not any")  # what a path of a domain becomes
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class IrHttp(models.AbstractModel):
    """How requests to the webhooks and the accounts API are read, and how their errors answer."""

    _inherit = "ir.http"

    _tiktok_delivery_rules = {}  # of the lead webhook, by path; each registry has its own

    def _register_hook(self):
        super()._register_hook()
        type(self)._tiktok_delivery_rules = {}
        install_guards()

    # === LEAD WEBHOOK === #

    # What addons do with a page's request and answer (website, language, campaign cookies, login)
    # concerns no delivery and takes as long as storing it: these steps leave it out.

    @classmethod
    def _authenticate(cls, endpoint):
        """Give a delivery no user: its token and signature decide.

        :param endpoint: as of Odoo's method
        :return: as of Odoo's method
        """
        if _is_delivery():
            return request.update_env(user=SUPERUSER_ID)
        return super()._authenticate(endpoint)

    @classmethod
    def _post_dispatch(cls, response):
        """Answer a delivery without cookies.

        :param response: as of Odoo's method
        :return: as of Odoo's method
        """
        if _is_delivery():
            return request.dispatcher.post_dispatch(response)
        return super()._post_dispatch(response)

    # === REQUESTS === #

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Read the body of a webhook before Odoo does, which would parse a form and leave nothing.

        :param rule: as of Odoo's method
        :param args: as of Odoo's method
        :return: as of Odoo's method
        :raise RequestEntityTooLarge: if the body has no length and reaches the limit
        """
        if _is_delivery():
            result = request.dispatcher.pre_dispatch(rule, args)
        else:
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
        """Find the rule of a path; that of a delivery is looked for once in each process.

        :param str path_info: of the request
        :return: rule and arguments
        :rtype: tuple
        :raise MethodNotAllowed: if the path has no such method
        """
        if request.httprequest.method == "POST" and path_info.rstrip("/") == DELIVERY_PATH:
            if path_info not in cls._tiktok_delivery_rules:
                cls._tiktok_delivery_rules[path_info], _args = super()._match(path_info)
            request.is_tiktok_delivery = True
            request.is_frontend = request.is_frontend_multilang = False  # `http_routing` reads it
            return cls._tiktok_delivery_rules[path_info], {}
        try:
            return super()._match(path_info)
        except MethodNotAllowed as error:
            # Odoo does not call `_handle_error` for this one.
            if _is_accounts_api(path_info):
                error.error_response = cls._tiktok_prepare_json_error(error)
            raise

    @classmethod
    def _dispatch(cls, endpoint):
        """Have what a user requests of our records wait only a moment for rows that are locked.

        :param endpoint: as of Odoo's method
        :return: as of Odoo's method
        :raise UserError: if another transaction holds them
        """
        if _is_delivery():
            return endpoint(**request.params)
        if not _concerns_tiktok(request.params):
            return super()._dispatch(endpoint)
        with refuse_locked_rows(request.env):
            return super()._dispatch(endpoint)

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


class IrWebsocket(models.AbstractModel):
    """Which open pages may listen to the changes of which company."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Add the channels of the companies whose pages the user may read.

        :param list channels: that a page asks for
        :return: those the user gets
        :rtype: list
        """
        channels = live_updates.resolve_channels(self.env, channels, SALES_MANAGERS)
        return super()._build_bus_channel_list(channels)


def _is_delivery():
    return getattr(request, "is_tiktok_delivery", False)


def _concerns_tiktok(params):
    """Tell whether a request calls a method of our models, or one of ours on another model.

    :param dict params: of the request; those of ``/json/2`` have names of their own
    :rtype: bool
    """
    names = (("model", "method"), ("__model__", "__method__"))
    return any(is_own_call(params.get(m, ""), params.get(name, "")) for m, name in names)


def _is_accounts_api(path):
    path = f"{path.rstrip('/')}/"
    return path.startswith(const.ACCOUNTS_ROUTE) and not path.startswith(const.OAUTH_ROUTES)


class IrAttachment(models.Model):
    """A domain on attachments is evaluated with the user's rights, as on any other model.

    Odoo searches attachments with all rights and filters what it found. A path such as
    ``company_id.tiktok_accept_untrusted`` would tell any user, a portal user too, the value of a
    field that only managers may read, and of records that are hidden from that user.
    """

    _inherit = "ir.attachment"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Search what a path of the domain leads to before Odoo takes all rights.

        :param domain: of attachments
        :param args: of Odoo's method
        :param bool bypass_access: whether the caller decides about rights
        :param kwargs: of Odoo's method
        :rtype: odoo.tools.Query
        :raise AccessError: if the user may not read a field that the domain names
        """
        if not (self.env.su or bypass_access):
            domain = Domain(domain).optimize(self).map_conditions(self._tiktok_resolve_path)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _tiktok_resolve_path(self, condition):
        """Return a condition whose domain on another model is searched as this user.

        :param Domain condition: one of a domain
        :rtype: Domain
        """
        if condition.operator not in PATH_OPERATORS or not isinstance(condition.value, Domain):
            return condition
        comodel = self.env[self._fields[condition.field_expr].comodel_name]
        found = comodel._search(condition.value, active_test=False)
        return Domain(condition.field_expr, condition.operator, found)
