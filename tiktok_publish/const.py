"""Everything literal of the addon, once."""

MAX_TITLE = 90  # UTF-16 units
MAX_DESCRIPTION = 4_000  # UTF-16 units
MAX_PHOTOS = 35
CRON_XMLID = "tiktok_publish.ir_cron_posts"
SEND_JOB = "tiktok.post._send_due_post"  # as `_process_posts` counts its interrupted attempts
ACTIVITY_XMLID = "tiktok_publish.mail_activity_type_post"
MEDIA_ROUTE = "/tiktok/media/"
MEDIA_HOURS = 24  # TikTok fetches within one; an unconfirmed post may stay undecided
POLL_SECONDS = 5  # between two checks while a user watches
ADS_PER_RUN = 1_000  # of one ad account
MAX_AD_REFUSALS = 40  # in one run: each bad ad among a hundred costs eight
REQUEST_AGAIN_DAYS = 7  # about an ad that showed no post

# Routes, those of the publishing account also without their last slash.
DOMAIN_FILE_ROUTE = "/tiktok<token>.txt"
AUTH_ROUTE = "/tiktok/auth/"
AUTH_URL_ROUTE = "/tiktok/auth-url/"
SHORT_CALLBACK_ROUTE = "/tiktok/callback/"
REFRESH_ROUTE = "/tiktok/refresh-token/"
STATUS_ROUTE = "/tiktok/status/"
ROUTE_PREFIX = "/tiktok"  # of all of them
