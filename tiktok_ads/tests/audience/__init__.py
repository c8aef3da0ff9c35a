from . import test_audience, test_refresh_kill
