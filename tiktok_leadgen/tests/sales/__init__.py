from . import test_assignment
from . import test_assignment_retries
from . import test_assignment_rules
from . import test_first_contact
from . import test_lead_notification
from . import test_response_report
from . import test_round_robin
from . import test_working_hours
