from . import test_webhook
from . import test_account_sync
from . import test_video
