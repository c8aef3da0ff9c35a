import json

from odoo.http import Controller, content_disposition, request, route

from .. import const
from ..tiktok import redacted

FACTS = (
    *("state", "kind", "source", "reason", "verification", "signature"),
    *("attempt_count", "raw_size"),
)


class Deliveries(Controller):
    """What a user downloads of a delivery."""

    @route(f"{const.REDACTED_ROUTE}/<int:event_id>", type="http", auth="user", methods=["GET"])
    def download_redacted_delivery(self, event_id, **_params):
        """Download a description of a delivery that has nothing personal, for support.

        :param int event_id: of tiktok.event
        :rtype: odoo.http.Response
        """
        event = request.env["tiktok.event"].browse(event_id).exists()
        if not event:
            return request.not_found()
        event._check_decision_access()
        facts = {name: event[name] or None for name in FACTS}
        text = redacted.redact_delivery(event.raw or "", json.loads(event.headers or "{}"), facts)
        name = f"tiktok-delivery-{event.id}.json"
        headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(text, headers)
