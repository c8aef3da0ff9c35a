from odoo.exceptions import MissingError
from odoo.http import Controller, request, route

from .. import const

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


class Media(Controller):
    """Where TikTok fetches the photos of a post while it processes it."""

    @route(
        f"{const.MEDIA_ROUTE}<string:token>/<int:number>.jpg",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def serve_media_photo(self, token, number, **_kwargs):
        """Serve one photo without a session or a redirect, which TikTok does not follow.

        :param str token: of the attempt
        :param int number: of the photo, from 1
        :return: the JPEG
        :raise NotFound: if TikTok does not process such a post now
        """
        photo = request.env["tiktok.post.attempt"].sudo()._find_media_photo(token, number)
        if not photo:
            raise request.not_found()
        try:
            kind = {"filename": f"{number}.jpg", "mimetype": "image/jpeg"}
            stream = request.env["ir.binary"]._get_stream_from(photo, "jpeg", **kind)
        except MissingError:  # it has no JPEG
            raise request.not_found() from None
        answer = stream.get_response()
        answer.headers.update(HEADERS)
        if request.httprequest.method == "GET":
            photo._mark_fetched()
        return answer
