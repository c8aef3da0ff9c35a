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
    """Where TikTok fetches the photos of a post while it works on it."""

    @route(
        f"{const.MEDIA_ROUTE}<string:token>/<int:number>.jpg",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def tiktok_media(self, token, number, **_kwargs):
        """Answer with one photo, straight and without a session: TikTok follows no redirect."""
        photo = request.env["tiktok.post"].sudo()._media(token, number)
        if not photo:
            raise request.not_found()
        try:
            kind = {"filename": f"{number}.jpg", "mimetype": "image/jpeg"}
            stream = request.env["ir.binary"]._get_stream_from(photo, "jpeg", **kind)
        except MissingError:  # it is no picture
            raise request.not_found() from None
        answer = stream.get_response()
        answer.headers.update(HEADERS)
        if request.httprequest.method == "GET":
            photo._note_fetched()
        return answer
