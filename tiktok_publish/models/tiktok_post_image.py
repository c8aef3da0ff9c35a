import base64

from odoo import api, fields, models

from ..tiktok import jpeg

PROBLEMS = [
    ("empty", "Empty"),
    ("large", "Too large"),
    ("unknown", "No picture"),
    ("broken", "Broken"),
    ("animated", "Animated"),
    ("bomb", "Too many pixels"),
]
MADE = ("jpeg", "thumbnail", "jpeg_size", "problem_code", "fetched_at")


class TiktokPostImage(models.Model):
    """A photo of a post: as it was given, and as TikTok takes it."""

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
        "As TikTok gets it", attachment=True, compute="_compute_jpeg", store=True, copy=False
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
                made = jpeg.make(base64.b64decode(photo.image or b""))
            except jpeg.PictureError as error:
                photo.update({"jpeg": False, "jpeg_size": 0, "problem_code": error.code})
            else:
                content = base64.b64encode(made.content)
                size = len(made.content)
                photo.update({"jpeg": content, "jpeg_size": size, "problem_code": False})

    @api.depends("problem_code", "name")
    def _compute_problem(self):
        sentences = self._problem_sentences()
        for photo in self:
            name = photo.name or self.env._("A photo")
            sentence = sentences.get(photo.problem_code)
            photo.problem = sentence and f"{name}: {sentence}"

    @api.model
    def _problem_sentences(self):
        return {
            "empty": self.env._("the file is empty."),
            "large": self.env._("the file is too large; TikTok takes 20 MB at most."),
            "unknown": self.env._("this is no picture TikTok can show. Use JPEG, PNG or WebP."),
            "broken": self.env._("the picture is damaged or was cut off. Export it anew."),
            "animated": self.env._("it moves, and TikTok takes still pictures only."),
            "bomb": self.env._("it has more than 64 million pixels. Make it smaller first."),
        }

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Keep what was sent as it was sent."""
        photos = super().create([self._without_made(vals) for vals in vals_list])
        photos.post_id._check_editable()
        photos.post_id._after_change()
        return photos

    def write(self, vals):
        """Keep what was sent as it was sent."""
        self.post_id._check_editable()
        result = super().write(self._without_made(vals))
        if "post_id" in vals:
            self.post_id.check_access("write")
            self.post_id._check_editable()
        self.post_id._after_change()
        return result

    @api.model
    def _without_made(self, vals):
        """Leave out what is made of the picture, and what TikTok does with it."""
        return {name: value for name, value in vals.items() if name not in MADE}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self.post_id._check_editable()
        self.post_id._after_change()

    # === BUSINESS METHODS === #

    def _note_fetched(self):
        """Note that TikTok has fetched a photo: nobody else knows its address."""
        self.filtered(lambda photo: not photo.fetched_at)._write_fetched(fields.Datetime.now())

    def _write_fetched(self, when):
        """Write when TikTok fetched photos.

        :param when: datetime.datetime, or False before the post is sent
        """
        models.Model.write(self, {"fetched_at": when})  # past our own write, which drops it
