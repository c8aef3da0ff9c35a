import re

from odoo import SUPERUSER_ID
from odoo.http import Controller, request, route

from .. import const, health

PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Health(Controller):
    """What a monitoring system reads: counts only."""

    @route(
        [const.HEALTH_ROUTE, const.HEALTH_ROUTE.rstrip("/")],
        type="http",
        auth="none",  # no user: the token decides
        methods=["GET"],
        save_session=False,
        readonly=False,  # a replica may be behind
    )
    def show_health(self, **_params):
        """Answer with JSON, or with Prometheus' text if the caller prefers it.

        :rtype: odoo.http.Response
        """
        request.update_env(user=SUPERUSER_ID)
        http = request.httprequest
        bearer = re.match(r"(?i)bearer\s+(\S+)$", http.headers.get("Authorization", ""))
        token = bearer[1] if bearer else http.args.get("token", "")
        headers = {"Cache-Control": "no-store"}
        if not health.accepts_token(request.env, token):
            error = {"code": "unauthorized", "message": "The token is missing or wrong."}
            return request.make_json_response({"error": error}, headers=headers, status=401)
        found = health.measure(request.env)
        accepted = http.accept_mimetypes.best_match(("application/json", "text/plain"))
        wanted = http.args.get("format")
        if wanted == "prometheus" or (not wanted and accepted == "text/plain"):
            headers["Content-Type"] = PROMETHEUS_TYPE
            return request.make_response(health.format_prometheus(found), list(headers.items()))
        return request.make_json_response(found, headers=headers)
