from werkzeug.exceptions import TooManyRequests

from odoo.http import Controller, request, route

from .. import after_answer, const
from ..tiktok import redacted, signature
from .webhook_body import read_webhook_body

GET_TEXT = """\
This address receives leads from TikTok. It has nothing to show in a browser.

Paste it, whole, in TikTok Ads Manager: Leads Center, CRM integration, TikTok Custom API with
Webhooks. Then submit a test form: the lead appears in Odoo's CRM.
"""


class Webhooks(Controller):
    """What TikTok posts: authenticate, store, answer. Everything else happens later."""

    @route(
        [const.LEAD_WEBHOOK_ROUTE, const.LEAD_WEBHOOK_ROUTE.rstrip("/")],
        type="http",
        auth="none",  # no user: the token and the signature decide
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=const.MAX_WEBHOOK_BYTES,
    )
    def receive_leads(self, **_params):
        """Store the leads of one delivery; 200 means that they are on disk.

        :rtype: odoo.http.Response
        :raise UnsupportedMediaType: if the body can't be unpacked: it is not stored
        :raise RequestEntityTooLarge: if it is larger than any delivery
        """
        http = request.httprequest
        # A form field must not replace a parameter of the address.
        query = http.args
        body = read_webhook_body(http)
        receipt = request.env["tiktok.event"]._receive_webhook(
            body.content,
            company=query.get("company_id", ""),
            token=query.get("token", ""),
            header=http.headers.get("X-Open-Signature", ""),
            headers=redacted.describe_request(http.headers, http.remote_addr or ""),
            form=body.form,
            received=body.raw,
        )
        if receipt.refused:
            # A response, not an exception: what was authenticated stays stored.
            return TooManyRequests(retry_after=const.RETRY_AFTER_SECONDS).get_response()
        response = request.make_response("OK", [("Content-Type", "text/plain; charset=utf-8")])
        if receipt.is_waiting:
            after_answer.call_after(response, request.env.registry)
        return response

    @route(
        [const.LEAD_WEBHOOK_ROUTE, const.LEAD_WEBHOOK_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def show_webhook_help(self, **_params):
        """Show in a browser what the address is for.

        :rtype: odoo.http.Response
        """
        return request.make_response(GET_TEXT, [("Content-Type", "text/plain; charset=utf-8")])

    @route(
        [const.DEVELOPER_WEBHOOK_ROUTE, const.DEVELOPER_WEBHOOK_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=const.MAX_DEVELOPER_WEBHOOK_BYTES,
    )
    def receive_developer_event(self, **_params):
        """Store one event of the developer platform; 200 means that it is on disk.

        :rtype: odoo.http.Response
        """
        http = request.httprequest
        request.env["tiktok.developer.event"].sudo()._receive_webhook(
            http.get_data(), http.headers.get(signature.DEVELOPER_SIGNATURE_HEADER, "")
        )
        return request.make_response("OK", [("Content-Type", "text/plain; charset=utf-8")])
