from . import test_reconciliation
from . import test_reconciliation_faults
from . import test_reconciliation_interrupted
from . import test_reconciliation_merge
from . import test_reconciliation_resume
