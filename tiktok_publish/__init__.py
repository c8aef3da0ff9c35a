from . import controllers, models
from .server_wide import install_guards


def _delete_photos(env):
    """Delete the photos: Odoo drops their table, and leaves their files.

    :param odoo.api.Environment env: of the uninstallation
    """
    photos = [("res_model", "=", "tiktok.post.image"), ("res_field", "!=", False)]
    env["ir.attachment"].search(photos).unlink()
