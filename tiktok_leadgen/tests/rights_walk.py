"""Walk the registry: who may read and write each field of ours, and call each public method.

What is found is compared with a table. A field or a method that the table does not name fails the
test: a new one needs a decision.
"""

import logging

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import TiktokCommon

ADDONS = (
    *("tiktok_leadgen", "tiktok_publish", "tiktok_publish_blog", "tiktok_ads"),
    *("tiktok_first_contact", "tiktok_first_contact_sms"),
    "tiktok_routing",
)
# By their letters in the table. P is the public user, A a TikTok administrator, X one of another
# company; the others have the rights of one group.
GROUPS = {
    "O": "base.group_portal",
    "I": "base.group_user",
    "S": "sales_team.group_sale_salesman",
    "M": "sales_team.group_sale_manager",
    "D": "base.group_system",  # runs the database, and has no access to Sales
}
MAGIC = {"id", "display_name", "create_uid", "create_date", "write_uid", "write_date"}
# Overrides of what Odoo itself offers: what they let through is seen in the fields.
INHERITED = {
    "create",
    "write",
    "unlink",
    "copy_data",
    "default_get",
    "load",
    "execute_import",
    "init",
}
READ, WRITE, CALL = "read", "write", "call"
ANY_VALUES = {
    **dict.fromkeys(("char", "text", "html"), "x" * 12),
    **dict.fromkeys(("integer", "float", "monetary", "many2one_reference"), 1),
    **dict.fromkeys(("date", "datetime"), "2026-01-01"),
    "boolean": True,
    "json": {},
}


class _UndoneError(Exception):
    """Ends an attempt, so that the next one finds what this one found."""


class RightsWalk(TiktokCommon):
    """One record of each model of the company, and a user for each role."""

    groups = GROUPS
    addon = ""  # whose fields and methods are walked
    # Models; indented by 4 a right and the letters who has it, - for no one; by 8 names.
    table = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            "P": cls.env.ref("base.public_user"),
            **{role: cls._make_user(role, group) for role, group in cls.groups.items()},
            "A": cls.manager,
            "X": cls.stranger,
        }

    @classmethod
    def _make_user(cls, role, group):
        return new_test_user(
            cls.env,
            f"walk_{role}",
            group,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        logging.disable(logging.CRITICAL)  # what is refused is told there, thousands of times
        self.addCleanup(logging.disable, logging.NOTSET)
        partner = self.env["res.partner"].create({"name": "Ana", "company_id": self.company.id})
        self.records = {
            "res.company": self.company,
            "res.users": self.people["S"],
            "res.partner": partner,
            "crm.lead": self.make(),
        }
        self.records["crm.lead"].user_id = self.people["S"]
        self.records["mail.activity"] = self.records["crm.lead"].activity_schedule(
            "mail.mail_activity_data_call", user_id=self.people["S"].id
        )

    # === WHAT IS WALKED === #

    def our_fields(self):
        """Yield the fields whose first addon of ours is this one."""
        for name in sorted(self.env.registry):
            for field in self.env[name]._fields.values():
                modules = [module for module in field._modules if module in ADDONS]
                if field.name not in MAGIC and modules and modules[0] == self.addon:
                    yield field

    def our_methods(self):
        """Yield model and name of each public method that a class of this addon defines."""
        for name in sorted(self.env.registry):
            for cls in type(self.env[name]).__mro__:
                if not cls.__module__.startswith(f"odoo.addons.{self.addon}."):
                    continue
                for method, value in vars(cls).items():
                    if callable(value) and not method.startswith("_"):
                        yield name, method

    def record(self, model_name):
        """Return a record of the company, made with as little as it needs.

        :rtype: odoo.models.BaseModel
        """
        model = self.env[model_name].sudo()
        if model._abstract:
            return model
        if model_name not in self.records:
            mine = [("company_id", "=", self.company.id)] if "company_id" in model._fields else []
            found = model.search(mine, limit=1)
            self.records[model_name] = found or model.create(self._required_values(model))
        return self.records[model_name]

    def _required_values(self, model):
        known = model.default_get(list(model._fields))
        values = {}
        for name, field in model._fields.items():
            if field.related or field.compute or not field.store:
                continue
            if name == "company_id":
                values[name] = self.company.id
            elif field.required and not known.get(name):
                values[name] = self._any_value(model, field)
        return values

    def _any_value(self, model, field):
        if field.type == "many2one":
            return self.record(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return ANY_VALUES[field.type]

    # === WHO MAY === #

    def outcome(self, role, attempt):
        """Try something as a user of a role; nothing of it stays.

        :param str role: a letter of the table
        :param attempt: takes the environment of that user
        :return: what refused it, or None if it was let through
        :rtype: type | None
        """
        try:
            with self.env.cr.savepoint():
                attempt(self.env(user=self.people[role], su=False))
                raise _UndoneError
        except (AccessError, UserError) as error:
            return type(error)
        except Exception:  # it was let through, and then had nothing to work on
            return None

    def may_read(self, role, record, names):
        """Tell whether a role may read all these fields.

        :rtype: bool
        """
        self.env.invalidate_all()  # what is in the cache was checked already
        return not self.outcome(role, lambda env: record.with_env(env).read(names))

    def may_write(self, role, record, name):
        """Tell whether a role may write a field; our own sentences refuse as well as rights do.

        :rtype: bool
        """
        field = record._fields[name]
        if field.type in ("one2many", "many2many"):
            value = []
        else:
            value = field.convert_to_write(record[name], record)
        refusal = self.outcome(role, lambda env: record.with_env(env).write({name: value}))
        return refusal not in (AccessError, UserError)

    def may_call(self, role, record, name):
        """Tell whether a role gets past the rights of a method, whatever it says then.

        :rtype: bool
        """
        self.env.invalidate_all()
        refusal = self.outcome(role, lambda env: getattr(record.with_env(env), name)())
        return refusal is not AccessError

    def may_nothing(self, role, record):
        """Tell whether Odoo's own rights keep a role from the whole record.

        :rtype: bool
        """
        record = record.with_env(self.env(user=self.people[role], su=False))
        return not (record.has_access("read") or record.has_access("write"))

    def walk_fields(self):
        """Find who may read and write each field.

        :return: letters by model, right and name
        :rtype: dict
        """
        found, of_model = {}, {}
        for field in self.our_fields():
            if not self.env[field.model_name]._abstract:
                of_model.setdefault(field.model_name, []).append(field.name)
        for model_name, names in of_model.items():
            record = self.record(model_name)
            found.update({(model_name, right, n): "" for right in (READ, WRITE) for n in names})
            for role in self.people:
                if self.may_nothing(role, record):
                    continue
                is_open = self.may_read(role, record, names)
                for name in names:
                    if is_open or self.may_read(role, record, [name]):
                        found[model_name, READ, name] += role
                    if self.may_write(role, record, name):
                        found[model_name, WRITE, name] += role
        return found

    def walk_methods(self):
        """Find who may call each public method.

        :return: letters by model, right and name
        :rtype: dict
        """
        methods = {pair for pair in self.our_methods() if pair[1] not in INHERITED}
        return {
            (model, CALL, name): "".join(
                role for role in self.people if self.may_call(role, self.record(model), name)
            )
            for model, name in sorted(methods)
        }

    def assert_company_unchanged(self):
        """Check that no relation of ours can be pointed to a record of another company."""
        relations = [
            field
            for field in self.our_fields()
            if field.type == "many2one"
            and field.store
            and not self.env[field.model_name]._abstract
            and field.comodel_name.startswith(("tiktok.", "crm.team", "res.company"))
            and self.may_write("A", self.record(field.model_name), field.name)
        ]
        mine = {field: self.record(field.model_name) for field in relations}
        self.company, self.records = self.other_company, {"res.company": self.other_company}
        for field in relations:
            theirs = {field.name: self.record(field.comodel_name).id}
            with self.subTest(field=str(field)):
                record = mine[field]
                refusal = self.outcome(
                    "A", lambda env, r=record, v=theirs: r.with_env(env).write(v)
                )
                self.assertTrue(refusal)

    # === THE TABLE === #

    def parse_table(self):
        """Return what the table says.

        :return: letters by model, right and name
        :rtype: dict
        """
        found, model, right, letters = {}, "", "", ""
        for line in filter(str.strip, self.table.splitlines()):
            depth = len(line) - len(line.lstrip())
            if depth == 0:
                model = line.strip()
            elif depth == 4:
                right, letters = line.split()
                letters = letters.strip("-")
            else:
                found.update({(model, right, name): letters for name in line.split()})
        return found

    def assert_table(self):
        """Compare what is found with the table."""
        with self.enter_registry_test_mode():
            found = {**self.walk_fields(), **self.walk_methods()}
        expected = self.parse_table()
        wrong = []
        for key in sorted({*found, *expected}):
            # What is not listed is not written; who reads and calls must be said of everything.
            listed = expected.get(key, "" if key[1] == WRITE else "missing")
            if found.get(key, "gone") != listed:
                wrong.append(f"{key}: {found.get(key, 'gone')!r}, and {listed!r} in the table")
        self.assertFalse(wrong, "\n".join(["Who may is not what the table says:", *wrong]))
