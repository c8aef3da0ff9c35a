"""Reconciliation: TikTok's exports compared with what is here; what is missing is imported.

Other rooms enter through `tiktok.reconciliation._start_for_advertisers` (reconcile ad accounts in
the background), `tiktok.reconciliation._trigger_job` (continue what is open),
`tiktok.reconciliation.day._describe_totals` (a sentence about the counts of a form) and the
fields of `tiktok.reconciliation` (state, progress, counts).
"""

from . import tiktok_reconciliation
from . import tiktok_reconciliation_day
from . import tiktok_reconciliation_export
from . import tiktok_reconciliation_import
from . import tiktok_reconciliation_run
