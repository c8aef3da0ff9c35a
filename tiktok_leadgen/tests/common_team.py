"""A sales team of three, for the tests of assignment and speed to lead."""

import itertools

from odoo import Command
from odoo.tests import new_test_user

from .common import TiktokCommon, entry

_people = itertools.count(40000000)


def person():
    """Return the answers of a person who is not known yet: a known one keeps the owner."""
    number = next(_people)
    return {
        "name": f"Person {number}",
        "email": f"person{number}@example.com",
        "phone_number": f"+569{number:08}",
    }


class TeamCommon(TiktokCommon):
    """Ana, Boris and Chen sell for the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create({"name": "Sellers", "company_id": cls.company.id})
        cls.sellers = cls.env["res.users"].union(
            *(cls.new_seller(name) for name in ("ana", "boris", "chen"))
        )
        cls.ana, cls.boris, cls.chen = cls.sellers
        cls.company.write({"tiktok_team_id": cls.team.id, "tiktok_assignment": "round_robin"})

    @classmethod
    def new_seller(cls, login, team=None, **values):
        """Make a user and a member of the team."""
        user = new_test_user(
            cls.env,
            f"tiktok_{login}",
            "sales_team.group_sale_salesman",
            name=login.capitalize(),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )
        team = team or cls.team
        cls.env["crm.team.member"].create({"user_id": user.id, "crm_team_id": team.id})
        return user

    def member(self, user):
        """Return the membership of a user."""
        return self.team.crm_team_member_ids.filtered(lambda member: member.user_id == user)

    person = staticmethod(person)

    def make(self, *, company=None, **values):
        """Return the lead that an entry becomes, of a new person if no answers are given."""
        return super().make(company=company, **{"answers": self.person(), **values})

    def make_many(self, count, company=None, **values):
        """Return the leads of one delivery, in the order in which they came, of new persons."""
        entries = [entry(**{"answers": self.person(), **values}) for _ in range(count)]
        self.receive(*entries, company=company)
        self.process()
        return self.leads.union(*(self.lead(one["id"], company) for one in entries))

    def counts(self, leads):
        """Return how many each seller got."""
        return [
            len(leads.filtered(lambda lead, u=user: lead.user_id == u)) for user in self.sellers
        ]

    def run_cron(self, name):
        """Run one of the scheduled actions."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"tiktok_leadgen.{name}").method_direct_trigger()
        self.env.invalidate_all()
