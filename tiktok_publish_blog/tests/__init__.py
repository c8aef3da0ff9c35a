from . import test_article
from . import test_by_itself
from . import test_pictures
from . import test_tags
from . import test_rights
from . import test_template
