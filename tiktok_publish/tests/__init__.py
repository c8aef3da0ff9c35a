from . import test_domain_file
from . import test_post
from . import test_short_routes
