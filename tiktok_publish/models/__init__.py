from . import account
from . import ads
from . import company
from . import event
from . import post
