from . import audience
from . import signals
from . import spend
from . import test_rights
