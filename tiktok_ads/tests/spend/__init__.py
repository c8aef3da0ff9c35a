from . import test_ads
from . import test_alerts
from . import test_fetch_history
from . import test_fetch_kill
from . import test_fetch_locks
from . import test_fetch_spend
from . import test_return_report
