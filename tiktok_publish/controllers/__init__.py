from . import domain_file
from . import media
from . import short_routes
