from . import test_accounts_api
from . import test_developer_webhook
from . import test_webhook
