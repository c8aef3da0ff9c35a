from . import test_article
from . import test_pictures
from . import test_template
