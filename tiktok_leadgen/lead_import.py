"""What a file of TikTok leads must not contain, so that its import creates no lead twice."""

UID = "tiktok_lead_uid"
MAX_UID = 64  # characters; TikTok's have 19 digits


def find_import_errors(env, uids, known):
    """Return what the import shows instead of importing.

    :param env: for translations
    :param list[str] uids: TikTok's lead IDs of the rows, empty for none
    :param dict known: crm.lead by TikTok's ID
    :rtype: list[dict]
    """
    errors = [*_find_long_ids(env, uids), *_find_duplicate_ids(env, uids)]
    return errors + _find_merged_leads(env, uids, known)


def _find_long_ids(env, uids):
    """Return errors of ids that are too long: no index of the database takes them.

    :param env: for translations
    :param list[str] uids: of the rows
    :rtype: list[dict]
    """
    return [
        _row_error(row, env._("Row %s has no TikTok lead ID: this text is too long.", row + 1))
        for row, uid in enumerate(uids)
        if len(uid) > MAX_UID
    ]


def _find_duplicate_ids(env, uids):
    """Return errors of leads that a file has twice.

    :param env: for translations
    :param list[str] uids: of the rows
    :rtype: list[dict]
    """
    seen, messages = {}, []
    for row, uid in enumerate(uids):
        if uid and uid in seen:
            message = env._(
                "The file contains this TikTok lead twice, in rows %(first)s and "
                "%(second)s: remove one of them.",
                first=seen[uid] + 1,
                second=row + 1,
            )
            messages.append(_row_error(row, message))
        seen.setdefault(uid, row)
    return messages


def _find_merged_leads(env, uids, known):
    """Return errors of leads that were merged into another one: that one must not be changed.

    :param env: for translations
    :param list[str] uids: of the rows
    :param dict known: crm.lead by the id at TikTok
    :rtype: list[dict]
    """
    messages = []
    for row, uid in enumerate(uids):
        lead = known.get(uid)
        if lead and lead.tiktok_lead_uid != uid:
            message = env._(
                "The lead of row %(row)s was merged into the lead “%(lead)s” of the "
                "same person: remove the row.",
                row=row + 1,
                lead=lead.display_name,
            )
            messages.append(_row_error(row, message))
    return messages


def _row_error(row, message):
    """Return what the import shows at a row.

    :param int row: from 0
    :param str message: to show

    :rtype: dict
    """
    rows = {"from": row, "to": row}
    return {"type": "error", "message": message, "rows": rows, "record": row, "field": UID}
