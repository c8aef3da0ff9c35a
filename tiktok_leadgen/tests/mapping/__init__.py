from . import test_contact_suggestion
from . import test_mapping
from . import test_mapping_apply
from . import test_mapping_form
from . import test_mapping_import
from . import test_value_map
