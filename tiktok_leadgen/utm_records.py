"""Sources, mediums and campaigns by their exact names."""


def find_or_create_utm(records, names):
    """Find utm records by their exact names, and create those that are missing.

    utm.mixin's own search takes `_` and `%` of a name for wildcards, and its create renames what
    is there already.

    :param records: utm.source, utm.medium or utm.campaign
    :param names: of the records; empty ones are left out
    :return: id by name
    :rtype: dict[str, int]
    """
    names = list(dict.fromkeys(filter(None, names)))
    records = records.sudo().with_context(active_test=False, lang=None)
    found = {r.name: r.id for r in records.search([("name", "in", names)])} if names else {}
    missing = [name for name in names if name not in found]
    is_campaign = "is_auto_campaign" in records._fields
    ours = {"is_auto_campaign": True, "is_tiktok": True} if is_campaign else {}
    created = records.create([{"name": name, **ours} for name in missing])
    return found | dict(zip(missing, created.ids, strict=True))
