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
        content = request.env["tiktok.post"].sudo()._media(token, number)
        if not content:
            raise request.not_found()
        headers = {**HEADERS, "Content-Type": "image/jpeg", "Content-Length": len(content)}
        return request.make_response(content, headers)
