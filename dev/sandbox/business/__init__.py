"""The API for Business, as ``business-api.tiktok.com/open_api/v1.3`` answers."""

from dev.sandbox.business import (  # noqa: F401  (they add their endpoints)
    crm,
    export,
    forms,
    mock,
    oauth,
    read,
    report,
    subscriptions,
)
from dev.sandbox.business.api import bp

__all__ = ["bp"]
