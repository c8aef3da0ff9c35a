"""Records as the HTTP API shows them."""


def format_account(account):
    """Return an account the way the API shows it.

    :param account: tiktok.account
    :rtype: dict
    """
    return {
        "id": account.id,
        "platform": "tiktok",
        "name": account.name,
        "status": account.state,
        "status_reason": account.removed_reason or None,
        "company_id": account.company_id.id,
        "open_id": account.open_id or None,
        "username": account.username or None,
        "display_name": account.nickname or None,
        "scopes": account.granted_scope_ids.mapped("name"),
        "missing_scopes": account.missing_scope_ids.mapped("name"),
        "connected_at": format_rfc3339(account.connected_at),
        "last_sync_at": format_rfc3339(account.last_sync_at),
        "problem": account.sync_error or None,
    }


def format_rfc3339(value):
    """Return a time as RFC 3339 writes it, or None.

    :param datetime value: UTC
    :rtype: str | None
    """
    return f"{value.isoformat(timespec='seconds')}Z" if value else None
