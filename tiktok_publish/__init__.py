from . import controllers, models
from .log_guard import install as _install_log_guard

_install_log_guard()


def _delete_photos(env):
    """Delete the photos: Odoo drops their table, and leaves their files."""
    photos = [("res_model", "=", "tiktok.post.image"), ("res_field", "!=", False)]
    env["ir.attachment"].search(photos).unlink()
