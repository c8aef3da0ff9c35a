from . import test_limits
from . import test_post
from . import test_send
from . import test_status
