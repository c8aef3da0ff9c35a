from . import test_event_set
from . import test_queue
from . import test_reporting_limits
from . import test_send_kill
from . import test_sending
