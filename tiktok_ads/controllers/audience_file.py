from odoo.http import Controller, content_disposition, request, route

from ..models.audience.tiktok_audience import AUDIENCE_FILE_ROUTE
from ..tiktok import audience


class AudienceFile(Controller):
    """What a user uploads in TikTok Ads Manager where no app is connected."""

    @route(f"{AUDIENCE_FILE_ROUTE}/<int:audience_id>", type="http", auth="user", methods=["GET"])
    def download_audience_file(self, audience_id, **_params):
        """Download the members of an audience, as hashes.

        :param int audience_id: of tiktok.audience
        :rtype: odoo.http.Response
        :raise AccessError: if the user may not write the audience
        """
        record = request.env["tiktok.audience"].browse(audience_id).exists()
        if not record:
            return request.not_found()
        record.check_access("write")
        content = audience.format_file(list(record.sudo()._iter_lines()))
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"tiktok-audience-{record.id}.csv")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
