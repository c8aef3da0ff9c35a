from odoo import Command, api, models

from ..clash import lock_references


class CrmLead(models.Model):
    """New leads never wait for a row that another transaction holds."""

    _inherit = "crm.lead"

    @api.model
    def _tiktok_find_blocked(self, vals_list, targets):
        """Find the new leads that need a row which is locked; all others won't wait for any.

        :param list vals_list: for `create`, with the salesperson
        :param list targets: of `_tiktok_targets`
        :return: their numbers, also of those that go on such a lead
        :rtype: set[int]
        """
        tables = self._tiktok_referred_tables()
        wanted, lost = {}, set()
        for number, (vals, target) in enumerate(zip(vals_list, targets, strict=True)):
            kind, value = target or (None, None)
            if kind is None:
                wanted[number] = self._tiktok_references(vals, tables)
            elif kind != "batch":
                wanted[number] = {("crm_lead", value)}
            lost |= {value} if kind == "lost" else set()
        free = lock_references(self.env.cr, set().union(*wanted.values()))
        free -= self._tiktok_find_held(lost)
        blocked = {number for number, references in wanted.items() if not references <= free}
        inside = ((n, target[1]) for n, target in enumerate(targets) if n not in wanted)
        return blocked | {number for number, first in inside if first in blocked}

    @api.model
    def _tiktok_find_held(self, ids):
        """Find the lost leads that can't be reopened now.

        :param set ids: of the leads
        :return: pairs of the table and an id
        :rtype: set[tuple[str, int]]
        """
        leads = self.browse(ids)
        held = leads - leads.try_lock_for_update(allow_referencing=True)
        return {("crm_lead", lead_id) for lead_id in held.ids}

    @api.model
    def _tiktok_referred_tables(self):
        """Return the tables that the columns of a lead refer to, by field.

        :rtype: dict[str, str]
        """
        return {
            name: self.env[field.comodel_name]._table
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many") and field.store and name != "tiktok_event_id"
        }

    @api.model
    def _tiktok_references(self, vals, tables):
        """Return the rows that a new lead refers to.

        :param dict vals: for `create`
        :param dict tables: of `_tiktok_referred_tables`
        :return: pairs of a table and an id
        :rtype: set[tuple[str, int]]
        """
        found = set()
        for name in vals.keys() & tables.keys():
            value, table = vals[name], tables[name]
            if isinstance(value, int) and value:
                found.add((table, value))
            for command, record_id, ids in value if isinstance(value, list) else ():
                linked = {Command.LINK: [record_id], Command.SET: ids}.get(command, ())
                found.update((table, each) for each in linked)
        return found
