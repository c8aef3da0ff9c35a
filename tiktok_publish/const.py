"""Everything literal of the addon, once."""

MAX_TITLE = 90  # UTF-16 units
MAX_DESCRIPTION = 4_000  # UTF-16 units
MAX_PHOTOS = 35
CRON_XMLID = "tiktok_publish.ir_cron_posts"
