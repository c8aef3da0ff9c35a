"""Sixty days of leads for the demo, made through the product's own ways and always the same.

Each lead enters at the webhook's door and is processed by the job; salespeople call, qualify, win
and lose with their own rights; their ads have costs, and TikTok is told which leads were good.
Only the clocks are set back: those of Python while it happens, those of the database afterwards.
``make demo`` runs it before Odoo is served.
"""

import contextlib
import datetime
import itertools
import json
import sys

from dev import console, history_ads, history_contact, history_people, history_routing, paths, venv
from dev.history_plan import DAYS, FIRST_UID, plan_leads

STORE_MS = (180, 900)  # from TikTok's submission until it is stored here
LEAD_MS = (35, 140)  # from then to the lead


def make(site):
    """Make the history in a database that has none.

    :param dev.site.Site site: prepared, not served
    :raise console.Stop: if Odoo fails
    """
    if site.server.sql("SELECT count(*) FROM tiktok_event", site.database) != "0":
        return
    console.run(
        [str(venv.PYTHON), "-m", "dev.history", str(site.config), site.database],
        f"Make {DAYS} days of history",
        hint="the end of the log says what Odoo did not accept.",
        env=site.env,
        cwd=paths.ROOT,
        log=f"{site.name}-history",
    )


class History:
    """What happens in Odoo, day after day.

    :param env: an environment of Odoo with all rights, whose transactions are committed
    :param datetime.datetime now: UTC without a zone
    """

    def __init__(self, env, now):
        self.env = env
        self.now = now
        self.company = env["res.company"].search([], limit=1, order="id")
        self.stages = env["crm.stage"].search([("team_ids", "=", False)], order="sequence")
        self.reasons = env["crm.lost.reason"].search([], order="id")
        self.speeds = {}

    def prepare(self):
        """Give the company a team that receives its leads by round robin."""
        group = self.env.ref("sales_team.group_sale_salesman")
        team = self.env["crm.team"].create({"name": "TikTok", "company_id": self.company.id})
        for name, login, least, most in history_people.SALESPEOPLE:
            values = {"name": name, "login": login, "group_ids": [(4, group.id)]}
            user = self.env["res.users"].create({**values, "email": f"{login}@example.com"})
            self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": user.id})
            self.speeds[user] = (least, most)
        self.company.write({"tiktok_team_id": team.id, "tiktok_assignment": "round_robin"})
        self.env.cr.commit()

    def receive(self, plans, token=None):
        """Receive leads as the webhook does, at the time they were submitted.

        :param list[PlannedLead] plans: of one day
        :param str token: another one than the company's
        """
        if not plans:
            return
        body = {"request_id": "history", "object": 1, "entry": [plan.entry for plan in plans]}
        self.post(json.dumps(body).encode(), token)
        self.env.cr.execute(
            """UPDATE tiktok_event
                  SET received_at = submitted_at + interval '1 millisecond' * (%s + id %% %s)
                WHERE state IN ('pending', 'quarantined') AND submitted_at IS NOT NULL""",
            [STORE_MS[0], STORE_MS[1] - STORE_MS[0]],
        )
        self.env.invalidate_all()

    def post(self, body, token=None):
        """Receive a body as the webhook does.

        :param bytes body: as a sender posts it
        :param str token: another one than the company's
        """
        self.env["tiktok.event"]._receive_webhook(
            body,
            company=str(self.company.id),
            token=token or self.company.tiktok_webhook_token,
            headers=HEADERS,
        )
        self.env.cr.postcommit.clear()  # wake no job

    def process(self):
        """Run the job."""
        self.env["tiktok.event"]._cron_process()
        self.env.invalidate_all()

    def work(self, plan, clock):
        """Have the salesperson work on a lead.

        :param PlannedLead plan: of the lead
        :param clock: of Python, moved to when it happens
        """
        lead = self.env["crm.lead"].search([("tiktok_lead_uid", "=", str(plan.entry["id"]))])
        user = lead.user_id
        if not user:
            return
        history_contact.set_due_times(lead, plan.moment)
        least, most = self.speeds[user]
        minutes = least + (most - least) * plan.answer
        lead = lead.with_user(user).with_context(mail_notrack=True, tracking_disable=True)
        if not plan.outcome or not history_contact.contact_lead(
            lead, plan, minutes, clock, self.now
        ):
            return
        clock.move_to(clock() + datetime.timedelta(hours=1 + 20 * plan.answer))
        if plan.outcome == "qualified":
            lead.stage_id = self.stages[1 + round(plan.answer)]
        elif plan.outcome == "won":
            lead.expected_revenue *= plan.revenue
            lead.action_set_won()
        elif plan.outcome == "lost":
            lead.action_set_lost(lost_reason_id=self.reasons[:1].id)

    def map_budgets(self):
        """Have the answers about the budget fill the expected revenue, as a manager does."""
        budgets = [form["budget"][0] for form in history_people.FORMS]
        questions = self.env["tiktok.form.question"].search([("name", "in", budgets)])
        questions.write({"target": "field", "field_name": "expected_revenue"})
        questions.form_id.action_confirm_all()
        self.env.cr.commit()

    def set_back(self):
        """Set back the times that the database itself writes."""
        self.env.flush_all()
        least, more = LEAD_MS[0], LEAD_MS[1] - LEAD_MS[0]
        for statement in (
            """UPDATE tiktok_event
                  SET done_at = received_at
                              + interval '1 millisecond' * (%(least)s + id %% %(more)s),
                      create_date = received_at
                WHERE state <> 'pending'""",
            """UPDATE tiktok_event_attempt attempt
                  SET attempted_at = event.done_at + interval '4 milliseconds',
                      duration_ms = %(least)s + event.id %% %(more)s, batch_size = 1
                 FROM tiktok_event event WHERE event.id = attempt.event_id""",
            """UPDATE crm_lead
                  SET create_date = tiktok_received_at, date_open = assigned.moment,
                      tiktok_assigned_at = assigned.moment,
                      tiktok_last_assigned_at = assigned.moment
                 FROM (SELECT id, tiktok_received_at + interval '1 second' AS moment
                         FROM crm_lead) AS assigned
                WHERE crm_lead.id = assigned.id AND tiktok_lead_uid IS NOT NULL
                  AND user_id IS NOT NULL""",
            """UPDATE tiktok_form form
                  SET create_date = (SELECT min(received_at) FROM tiktok_event
                                      WHERE form_id = form.id)
                WHERE EXISTS (SELECT FROM tiktok_event WHERE form_id = form.id)""",
        ):
            self.env.cr.execute(statement, {"least": least, "more": more})
        self.env.invalidate_all()


HEADERS = {
    "content-type": "application/json",
    "content-length": "812",
    "user-agent": "TikTok-Leads/1.0",
    "x-open-signature": 64,
    ":address": "public_v4",
    ":milliseconds": 3,
}
OTHER_TOKEN = "not-the-companys"
UNKNOWN_BODY = (
    b'{"kunde": {"erreichbar": "petra.vogel@example.com", "wo": "Graz"}, "quelle": "Messe"}'
)


def main(config, database):
    """Make the history in this database.

    :param str config: path of odoo.conf
    :param str database: its name
    """
    from freezegun import freeze_time

    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    plans = plan_leads(now)
    with open_env(config, database) as env:
        history = History(env, now)
        history.prepare()
        history_ads.prepare_signals(env, history.company)
        with freeze_time(plans[0].moment) as clock, history_contact.freeze_transactions():
            live_through(history, plans, clock)
        history.set_back()
        history_ads.store_costs(env, history.company, now, plans)
        history_ads.send_events(env)
        history_ads.make_audiences(env, history.company)
        env.cr.commit()
    print(f"{len(plans)} leads")


def live_through(history, plans, clock):
    """Receive the leads and work on them, in the order in which it happened.

    :param History history: prepared
    :param list[PlannedLead] plans: the oldest first
    :param clock: of Python
    """
    firsts = list({plan.entry["page_id"]: plan for plan in reversed(plans)}.values())
    history.receive(firsts)
    history.process()
    history.map_budgets()
    for _week, group in itertools.groupby(plans, _get_batch):
        batch = list(group)
        clock.move_to(batch[-1].moment)
        history.receive([plan for plan in batch if plan not in firsts])
        history.process()
        for plan in batch:
            history.work(plan, clock)
        history.env.cr.commit()
    clock.move_to(plans[-1].moment)
    unverified = plans[-2].entry | {"id": FIRST_UID + 5, "page_name": "Villa offer"}
    history.receive([plans[-2]._replace(entry=unverified)], token=OTHER_TOKEN)
    history_routing.make_rules(history.env, history.company)
    history.receive(history_routing.plan_junk(plans[-1]))
    history.post(UNKNOWN_BODY)
    history.process()


def _get_batch(plan):
    """Return with which others a lead is processed: those of its week; one that waits alone."""
    return plan.moment.isocalendar()[:2] if plan.outcome else plan.moment


@contextlib.contextmanager
def open_env(config, database):
    """Give an environment of Odoo with all rights.

    :param str config: path of odoo.conf
    :param str database: its name
    """
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config as options

    options.parse_config(["-c", config, "-d", database, "--log-level", "error"])
    registry = Registry(database)
    from odoo.addons.tiktok_leadgen import const

    const.LINGER_SECONDS = 0  # nothing comes while this looks for work
    with registry.cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})


if __name__ == "__main__":
    main(*sys.argv[1:])
