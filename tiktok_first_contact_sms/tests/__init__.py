from . import test_first_sms
from . import test_rights
