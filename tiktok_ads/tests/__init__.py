from . import audience
from . import signals
from . import spend
