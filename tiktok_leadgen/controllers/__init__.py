from . import accounts_api
from . import api
from . import health
from . import oauth
from . import oauth_ads
from . import deliveries
from . import webhooks
