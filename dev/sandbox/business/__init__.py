"""The API for Business, as ``business-api.tiktok.com/open_api/v1.3`` answers."""

# They add their endpoints.
from dev.sandbox.business import (
    accounts,
    ads,
    audience,
    crm,
    export,
    forms,
    mock,
    oauth,
    read,
    report,
    report_task,
    subscriptions,
)
from dev.sandbox.business.api import bp

__all__ = ["bp"]
