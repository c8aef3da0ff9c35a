"""Work with leads that are not from TikTok: how many queries it takes, and what it writes."""

import contextlib
import json
import sys

LEADS = 40  # as a page of a list shows
READ = ("name", "phone", "user_id", "team_id", "stage_id", "tag_ids", "expected_revenue")


class PlainCrm:
    """The same steps of a salesperson, with or without our addons.

    :param odoo.api.Environment env: with all rights
    """

    def __init__(self, env):
        group = env.ref("sales_team.group_sale_salesman_all_leads")
        values = {"name": "Plain", "login": "plain_crm", "group_ids": [(4, group.id)]}
        self._env = env(user=env["res.users"].create(values), su=False)
        self._counts = {}

    @contextlib.contextmanager
    def _count_queries(self, name):
        """Count the queries of some work, in a state that does not depend on what was before."""
        self._env.flush_all()
        self._env.invalidate_all()
        before = self._env.cr.sql_log_count
        yield
        self._env.flush_all()
        self._counts[name] = self._env.cr.sql_log_count - before

    def forget(self):
        """Forget what was rolled back."""
        self._env.transaction.clear()

    def work(self):
        """Do all steps.

        :return: queries by step, and the values of a lead
        :rtype: dict
        """
        leads = self._env["crm.lead"]
        vals = {"name": "Plain", "contact_name": "Ana", "email_from": "plain@example.com"}
        with self._count_queries("create"):
            lead = leads.create({**vals, "phone": "+56911112222", "type": "opportunity"})
        with self._count_queries("create many"):
            many = leads.create([{**vals, "name": f"Plain {each}"} for each in range(LEADS)])
        with self._count_queries("write"):
            lead.write({"phone": "+56911113333", "priority": "2", "expected_revenue": 10})
        with self._count_queries("write many"):
            many.write({"priority": "1"})
        with self._count_queries("change the salesperson"):
            many.write({"user_id": self._env.ref("base.user_admin").id})
        with self._count_queries("read"):
            lead.read(READ)
        with self._count_queries("search and read"):
            leads.search_read([("name", "like", "Plain")], READ)
        with self._count_queries("write to the person"):
            lead.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        with self._count_queries("win"):
            lead.action_set_won()
        with self._count_queries("lose"):
            many[:5].action_set_lost()
        with self._count_queries("merge"):
            many[10:13].merge_opportunity()
        return {"queries": self._counts, "values": self._read_values(lead)}

    def _read_values(self, lead):
        """Return the stored values of a lead that are not ours: names and numbers of records.

        :rtype: dict[str, str]
        """
        found, lead = {}, lead.sudo()
        for name, field in sorted(lead._fields.items()):
            value = lead[name] if field.store and name != "id" else None
            if name.startswith("tiktok_") or value is None:
                continue
            if field.type == "properties":
                value = value._values
            elif field.relational:
                value = value.display_name if field.type == "many2one" else len(value)
            found[name] = str(bool(value) if field.type == "datetime" else value)
        return found


def main(config, database):
    """Print what the second time takes: the first one fills caches.

    :param str config: path of odoo.conf
    :param str database: its name
    """
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config as options

    options.parse_config(["-c", config, "-d", database, "--log-level", "error"])
    with Registry(database).cursor() as cursor:
        crm = PlainCrm(api.Environment(cursor, SUPERUSER_ID, {}))
        for _again in range(2):
            with contextlib.closing(cursor.savepoint()) as savepoint:
                found = crm.work()
                savepoint.rollback()
            crm.forget()
        cursor.rollback()
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
