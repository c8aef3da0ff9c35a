import base64

from odoo import api, fields, models

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock

from ...tiktok import jpeg

PROBLEMS = [
    ("empty", "Empty"),
    ("large", "Too large"),
    ("unknown", "No picture"),
    ("broken", "Damaged"),
    ("animated", "Animated"),
    ("bomb", "Too many pixels"),
]
COMPUTED_FIELDS = ("jpeg", "thumbnail", "jpeg_size", "problem_code", "fetched_at")


class TiktokPostImage(models.Model):
    """A photo of a post: as uploaded, and as TikTok accepts it."""

    _name = "tiktok.post.image"
    _description = "TikTok Post Photo"
    _inherit = ["tiktok.protected.mixin"]
    _order = "sequence, id"

    post_id = fields.Many2one("tiktok.post", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="post_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char()
    image = fields.Binary("Photo", attachment=True, required=True)
    is_cover = fields.Boolean("Cover")
    jpeg = fields.Binary(
        "As sent to TikTok", attachment=True, compute="_compute_jpeg", store=True, copy=False
    )
    thumbnail = fields.Image("Small", related="jpeg", max_width=512, max_height=512, store=True)
    jpeg_size = fields.Integer("Bytes", compute="_compute_jpeg", store=True, copy=False)
    problem_code = fields.Selection(PROBLEMS, compute="_compute_jpeg", store=True, copy=False)
    problem = fields.Char(compute="_compute_problem")
    fetched_at = fields.Datetime("Fetched by TikTok on", readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("image")
    def _compute_jpeg(self):
        for photo in self.with_context(bin_size=False):
            try:
                made = jpeg.convert_picture(base64.b64decode(photo.image or b""))
            except jpeg.PictureError as error:
                photo.update({"jpeg": False, "jpeg_size": 0, "problem_code": error.code})
            else:
                content = base64.b64encode(made.content)
                size = len(made.content)
                photo.update({"jpeg": content, "jpeg_size": size, "problem_code": False})

    @api.depends("problem_code", "name")
    def _compute_problem(self):
        sentences = self._map_problem_sentences()
        for photo in self:
            name = photo.name or self.env._("A photo")
            sentence = sentences.get(photo.problem_code)
            photo.problem = sentence and f"{name}: {sentence}"

    @api.model
    def _map_problem_sentences(self):
        return {
            "empty": self.env._("the file is empty."),
            "large": self.env._("the file is too large; TikTok takes 20 MB at most."),
            "unknown": self.env._("this is no picture TikTok can show. Use JPEG, PNG or WebP."),
            "broken": self.env._("the picture is damaged or was cut off. Export it again."),
            "animated": self.env._("it moves, and TikTok takes still pictures only."),
            "bomb": self.env._("it has more than 64 million pixels. Make it smaller first."),
        }

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse photos for a post that was already sent.

        :param list vals_list: values of each photo
        :return: the new photos
        :rtype: tiktok.post.image
        :raise UserError: if the post was already sent
        """
        photos = super().create([self._without_computed_values(vals) for vals in vals_list])
        photos.post_id._check_editable()
        photos.post_id._withdraw_consent()
        return photos

    def write(self, vals):
        """Refuse changes of a post that was already sent.

        :param dict vals: as of any `write`
        :return: what Odoo returns
        :raise UserError: if the post was already sent
        """
        self.post_id._check_editable()
        result = super().write(self._without_computed_values(vals))
        if "post_id" in vals:
            self.post_id.check_access("write")
            self.post_id._check_editable()
        self.post_id._withdraw_consent()
        return result

    @api.model
    def _without_computed_values(self, vals):
        """Leave out what is computed from the picture, and what TikTok does with it.

        :param dict vals: as of any `write`
        :rtype: dict
        """
        return {name: value for name, value in vals.items() if name not in COMPUTED_FIELDS}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self.post_id._check_editable()
        self.post_id._withdraw_consent()

    # === BUSINESS METHODS === #

    def _mark_fetched(self):
        """Record that TikTok has fetched a photo: only TikTok knows its URL."""
        self.filtered(lambda photo: not photo.fetched_at)._store_fetched_at(
            read_transaction_clock(self.env)
        )

    def _store_fetched_at(self, moment):
        """Store when TikTok fetched photos.

        :param moment: datetime.datetime, or False before the post is sent
        """
        models.Model.write(self.sudo(), {"fetched_at": moment})  # past our own write
