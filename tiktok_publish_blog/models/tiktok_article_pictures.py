import base64
import pathlib

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import file_open

from odoo.addons.tiktok_publish import const

from ..tiktok import article as reader

MAX_BYTES = 30 * 1024 * 1024
KINDS = (".jpg", ".jpeg", ".png", ".webp", ".gif")


class TiktokArticlePictures(models.AbstractModel):
    """Extraction of an article's pictures: the public ones, and no others.

    A picture that is private or on another site is never used: the author of an article must not be
    able to publish what only others may see. What the website's editor uploads is private, but its
    URL in the article has a token that gives access to each visitor.
    """

    _name = "tiktok.article.pictures"
    _description = "TikTok Article Pictures"

    @api.model
    def _extract_pictures(self, article):
        """Return the cover and the pictures of an article.

        :param article: blog.post, in the language wanted
        :return: name and content of each picture, and how many were skipped
        :rtype: tuple[list[dict], int]
        """
        found, skipped = self._read_public_pictures(article)
        pictures = []
        for url, content in found.items():
            name = pathlib.PurePosixPath(url.partition("?")[0]).name[:100]
            pictures.append({"name": name, "image": base64.b64encode(content)})
        return pictures, skipped

    @api.model
    def _read_public_pictures(self, article):
        """Return the public pictures of an article, in its order.

        :param article: blog.post
        :return: content of each picture by its URL, and how many were skipped
        :rtype: tuple[dict[str, bytes], int]
        """
        found, skipped, seen = {}, 0, set()
        for url in self._list_picture_urls(article):
            content = self._read_public_picture(url, article)
            if not content:
                skipped += 1
            elif content not in seen and len(found) < const.MAX_PHOTOS:
                seen.add(content)
                found[url] = content
        return found, skipped

    @api.model
    def _list_picture_urls(self, article):
        cover = reader.find_cover_url(article.cover_properties)
        urls = [cover, *reader.find_picture_urls(article.content)]
        return list(dict.fromkeys(filter(None, urls)))

    @api.model
    def _read_public_picture(self, url, article):
        """Return a picture that every visitor may see.

        :param str url: as in the article
        :param article: blog.post
        :return: empty if there is none
        :rtype: bytes
        """
        bases = {
            article.get_base_url(),
            self.env["ir.config_parameter"].sudo().get_param("web.base.url"),
        }
        location = reader.locate_picture(url, filter(None, bases))
        if not location:
            return b""
        try:
            content = (
                self._read_static_file(location)
                if location.kind == "static"
                else self._read_stored_picture(location)
            )
        except (AccessError, MissingError, UserError, OSError, ValueError, KeyError):
            return b""
        return content if len(content) <= MAX_BYTES else b""

    @api.model
    def _read_static_file(self, location):
        with file_open(location.path.lstrip("/"), "rb", filter_ext=KINDS) as file:
            return file.read(MAX_BYTES + 1)

    @api.model
    def _read_stored_picture(self, location):
        """Read a picture of the database, if a visitor of the website may see it.

        :param PictureLocation location: of an attachment or a field
        :rtype: bytes
        :raise AccessError: if a visitor may not
        """
        whole = self.with_context(bin_size=False)  # a form reads sizes only
        visitor = whole.env(user=self.env.ref("base.public_user").id, su=False)
        binary = visitor["ir.binary"]
        if location.kind == "record":
            found = {
                "res_model": location.model,
                "res_id": location.number,
                "field": location.field,
            }
            record = binary._find_record(**found, access_token=location.token)
            return self._read_binary_field(record, location.field)
        if location.kind == "xmlid":
            found = {"xmlid": location.model}
        else:
            found = {"res_id": location.number or self._find_attachment_id(location.path)}
        record = binary._find_record(**found, field="raw", access_token=location.token)
        if record._name != "ir.attachment":
            return b""
        if record.type == "url":  # pictures of a theme
            static = reader.locate_picture(record.url or "", [])
            return self._read_static_file(static) if static and static.kind == "static" else b""
        return record.raw or b""

    @api.model
    def _read_binary_field(self, record, name):
        if record._name == "ir.attachment" or record._fields[name].type != "binary":
            return b""
        record._check_field_access(record._fields[name], "read")
        return base64.b64decode(record.with_context(bin_size=False)[name] or b"")

    @api.model
    def _find_attachment_id(self, path):
        """Return the ID of a public attachment.

        :param str path: its URL
        :return: 0 if there is none
        :rtype: int
        """
        known = [("url", "=", path), ("type", "=", "binary"), ("public", "=", True)]
        return self.env["ir.attachment"].sudo().search(known, limit=1).id
