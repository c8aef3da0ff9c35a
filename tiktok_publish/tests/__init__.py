from . import test_compose
from . import test_domain_file
from . import test_limits
from . import test_media
from . import test_post
from . import test_send
from . import test_short_routes
from . import test_status
