from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from .. import const


class DomainFile(Controller):
    """Shows TikTok that this address is the company's."""

    @route(
        const.DOMAIN_FILE_ROUTE,
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def domain_file(self, token, **_params):
        """Serve the file, without a redirect."""
        text = request.env["tiktok.domain.file"]._text_of(token)
        if not text:
            raise NotFound
        return request.make_response(text, [("Content-Type", "text/plain; charset=utf-8")])
