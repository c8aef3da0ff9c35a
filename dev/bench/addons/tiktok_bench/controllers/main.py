from odoo.http import Controller, request, route


class Bench(Controller):
    """The least that a public route of Odoo can cost."""

    @route("/bench/empty", type="http", auth="public", csrf=False, save_session=False)
    def empty(self, **_params):
        """Answer without doing anything."""
        return request.make_response("OK", [("Content-Type", "text/plain; charset=utf-8")])
