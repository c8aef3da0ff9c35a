from . import domain_file
from . import short_routes
