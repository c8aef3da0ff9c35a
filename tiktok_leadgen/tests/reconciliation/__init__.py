from . import test_ledger
from . import test_ledger_faults
from . import test_ledger_merge
from . import test_ledger_resume
