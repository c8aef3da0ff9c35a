"""Developer webhooks about posts: found by the attempt they are about.

The job enters through ``tiktok.developer.event._process_account_event``; the room ``post`` calls
``_find_reported_publish_uids`` to find which posts TikTok reported since an attempt.
"""

from . import tiktok_developer_event
