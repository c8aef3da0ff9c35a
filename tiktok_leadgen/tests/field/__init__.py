from . import test_field_cases
