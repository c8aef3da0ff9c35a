"""A sales team for what is measured inside an Odoo."""

MEMBERS = 7
AWAY = 2  # more of them, out of office


def assemble(odoo):
    """Have the company assign its leads by round robin, with a call and a notification for each.

    :return: the ids of those who can take leads, and of those who are out of office
    :rtype: dict
    """
    with odoo.env() as env:
        company = env["res.company"].search([], limit=1, order="id")
        team = env["crm.team"].create({"name": "Bench"})
        group = env.ref("sales_team.group_sale_salesman")
        users = env["res.users"].create(
            [
                {
                    "name": f"Bench {number}",
                    "login": f"bench{number}@example.com",
                    "group_ids": [(4, group.id)],
                }
                for number in range(MEMBERS + AWAY)
            ]
        )
        members = [{"crm_team_id": team.id, "user_id": user.id} for user in users]
        env["crm.team.member"].create(members)
        users[MEMBERS:].write({"out_of_office_from": "2020-01-01 00:00:00"})
        company.write({"tiktok_team_id": team.id, "tiktok_assignment": "round_robin"})
        return {"here": users[:MEMBERS].ids, "away": users[MEMBERS:].ids}


def set_assignment(odoo, mode):
    """Change how the company assigns."""
    with odoo.env() as env:
        env["res.company"].search([], limit=1, order="id").tiktok_assignment = mode


def share(odoo, _number):
    """Work as one of several at the same time, until nothing waits."""
    while odoo.waiting():
        with odoo.env() as env:
            env["tiktok.event"]._cron_process()
