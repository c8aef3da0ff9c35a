from . import outcome
from . import message
from . import claim
from . import alert
