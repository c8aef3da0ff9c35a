from . import tiktok_post
from . import tiktok_post_image
