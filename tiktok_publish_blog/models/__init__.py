from . import blog_blog
from . import blog_post
from . import blog_post_publish
from . import tiktok_account
from . import tiktok_article_pictures
from . import tiktok_blog_channel
from . import tiktok_post
from . import tiktok_post_template
