from . import audience_file
