from . import controllers, never_ends
