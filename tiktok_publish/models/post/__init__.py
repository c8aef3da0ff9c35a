"""A post on its way: written, checked, sent at most once, and what became of it.

The scheduled action enters through ``tiktok.post._cron_posts``. Other rooms call
``_check_and_queue``, ``_cancel_post``, ``_schedule_review_activity`` and, for developer webhooks,
``_apply_developer_event``. Each time a post is sent is a row of ``tiktok.post.attempt``.
"""

from . import tiktok_post
from . import tiktok_post_attempt
from . import tiktok_post_image
from . import tiktok_post_outcome
from . import tiktok_post_prepare
from . import tiktok_post_send
from . import tiktok_send_permit
