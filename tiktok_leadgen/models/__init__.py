"""The models, in rooms; each room names the methods through which others enter it.

Scheduled actions run their records through `concurrency.py` (`process_each`,
`process_with_bisection`, `process_in_batches`): it says what happens when one record fails.

The mixins are registered first, for Odoo looks up what a model inherits when it registers the
model. The order of the rooms does not matter.
"""

from . import mixins
from . import scheduled_jobs
from . import account
from . import ads
from . import company
from . import event
from . import form
from . import lead
from . import lead_import
from . import mapping
from . import reconciliation
from . import sales
