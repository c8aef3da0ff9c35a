from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from .. import const


class DomainFile(Controller):
    """Proves to TikTok that the company owns this URL."""

    @route(
        const.DOMAIN_FILE_ROUTE,
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def serve_domain_file(self, token, **_params):
        """Serve the file, without a redirect.

        :param str token: of the URL
        :return: the file's text
        :raise NotFound: if there is no such file
        """
        text = request.env["tiktok.domain.file"]._find_file_text(token)
        if not text:
            raise NotFound
        return request.make_response(text, [("Content-Type", "text/plain; charset=utf-8")])
