from . import test_rights
from .audience import *
from .signals import *
from .spend import *
