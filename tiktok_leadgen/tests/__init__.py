from . import test_webhook
from . import test_token
from . import test_secrets
from . import test_settings
