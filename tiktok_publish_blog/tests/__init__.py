from . import test_article
from . import test_auto_posting
from . import test_pictures
from . import test_rights
from . import test_tags
from . import test_template
