import base64
import pathlib

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import file_open

from odoo.addons.tiktok_publish import const

from ..tiktok import article as reader

MOST_BYTES = 30 * 1024 * 1024
KINDS = (".jpg", ".jpeg", ".png", ".webp", ".gif")


class TiktokArticlePictures(models.AbstractModel):
    """Takes the pictures out of an article: those that everybody may see, and no others.

    A picture that is private, or lies on another site, is never taken: who writes an article must
    not be able to publish by it what only others may see. What the website's editor uploads is
    private, but its address in the article has a token that opens it for each visitor.
    """

    _name = "tiktok.article.pictures"
    _description = "TikTok Article Pictures"

    @api.model
    def _of(self, article):
        """Return the cover and the pictures of an article.

        :param article: blog.post, in the language wanted
        :return: name and content of each picture, and how many could not be taken
        :rtype: tuple[list[dict], int]
        """
        taken, missed = self._taken(article)
        pictures = []
        for url, content in taken.items():
            name = pathlib.PurePosixPath(url.partition("?")[0]).name[:100]
            pictures.append({"name": name, "image": base64.b64encode(content)})
        return pictures, missed

    @api.model
    def _taken(self, article):
        """Return what is taken of an article, in its order.

        :param article: blog.post
        :return: content of each picture by its address, and how many could not be taken
        :rtype: tuple[dict[str, bytes], int]
        """
        taken, missed, seen = {}, 0, set()
        for url in self._urls(article):
            content = self._content(url, article)
            if not content:
                missed += 1
            elif content not in seen and len(taken) < const.MAX_PHOTOS:
                seen.add(content)
                taken[url] = content
        return taken, missed

    @api.model
    def _urls(self, article):
        cover = reader.cover_url(article.cover_properties)
        urls = [cover, *reader.picture_urls(article.content)]
        return list(dict.fromkeys(filter(None, urls)))

    @api.model
    def _content(self, url, article):
        """Return a picture that everybody may see, or nothing.

        :rtype: bytes
        """
        bases = {
            article.get_base_url(),
            self.env["ir.config_parameter"].sudo().get_param("web.base.url"),
        }
        place = reader.place(url, filter(None, bases))
        if not place:
            return b""
        try:
            content = self._static(place) if place.kind == "static" else self._stored(place)
        except (AccessError, MissingError, UserError, OSError, ValueError, KeyError):
            return b""
        return content if len(content) <= MOST_BYTES else b""

    @api.model
    def _static(self, place):
        with file_open(place.path.lstrip("/"), "rb", filter_ext=KINDS) as file:
            return file.read(MOST_BYTES + 1)

    @api.model
    def _stored(self, place):
        """Read a picture of the database, if a visitor of the website may see it."""
        whole = self.with_context(bin_size=False)  # a form asks for sizes alone
        visitor = whole.env(user=self.env.ref("base.public_user").id, su=False)
        binary = visitor["ir.binary"]
        if place.kind == "record":
            found = {"res_model": place.model, "res_id": place.number, "field": place.field}
            record = binary._find_record(**found, access_token=place.token)
            return self._field(record, place.field)
        if place.kind == "xmlid":
            found = {"xmlid": place.model}
        else:
            found = {"res_id": place.number or self._attachment_at(place.path)}
        record = binary._find_record(**found, field="raw", access_token=place.token)
        if record._name != "ir.attachment":
            return b""
        if record.type == "url":  # pictures of a theme
            static = reader.place(record.url or "", [])
            return self._static(static) if static and static.kind == "static" else b""
        return record.raw or b""

    @api.model
    def _field(self, record, name):
        if record._name == "ir.attachment" or record._fields[name].type != "binary":
            return b""
        record._check_field_access(record._fields[name], "read")
        return base64.b64decode(record.with_context(bin_size=False)[name] or b"")

    @api.model
    def _attachment_at(self, path):
        """Return the id of a public attachment that has this very address, 0 for none."""
        known = [("url", "=", path), ("type", "=", "binary"), ("public", "=", True)]
        return self.env["ir.attachment"].sudo().search(known, limit=1).id
