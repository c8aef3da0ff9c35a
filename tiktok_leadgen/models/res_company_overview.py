import ipaddress
import json
import secrets
import urllib.parse
from datetime import timedelta

import werkzeug.exceptions

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

from .. import const
from ..tiktok import signature
from ..tiktok.errors import SealError
from ..tiktok.lead import TEST_MARK
from .res_company import SALES_MANAGERS

MANAGERS = SALES_MANAGERS
COUNT = {"compute": "_compute_tiktok_counts", "groups": SALES_MANAGERS}
HEALTH = {"compute": "_compute_tiktok_health", "groups": SALES_MANAGERS}


class ResCompany(models.Model):
    """The page CRM → Integrations → TikTok: how it goes, and what needs somebody."""

    _inherit = "res.company"

    tiktok_last_received_at = fields.Datetime("Last lead", **COUNT)
    tiktok_received_today = fields.Integer("Received today", **COUNT)
    tiktok_created_today = fields.Integer("Leads today", **COUNT)
    tiktok_waiting_count = fields.Integer("Waiting", **COUNT)
    tiktok_failed_count = fields.Integer("Failed", **COUNT)
    tiktok_quarantined_count = fields.Integer("Kept aside", **COUNT)
    tiktok_quarantined_since = fields.Datetime("Kept aside since", **COUNT)
    tiktok_wrong_signature_count = fields.Integer("Wrong signatures", **COUNT)
    tiktok_url_is_local = fields.Boolean(**HEALTH)
    tiktok_job_is_off = fields.Boolean(**HEALTH)
    tiktok_can_configure = fields.Boolean(
        compute="_compute_tiktok_can_configure", groups=SALES_MANAGERS
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_counts(self):
        """Count for sales managers; anyone else who reads a company gets nothing."""
        names = [n for n, f in self._fields.items() if f.compute == "_compute_tiktok_counts"]
        allowed = self.env.su or self.env.user.has_group(MANAGERS)
        for company in self:
            company.update(company._tiktok_count() if allowed else dict.fromkeys(names, False))

    def _tiktok_count(self):
        self.ensure_one()
        events = self.env["tiktok.event"].sudo()
        mine = [("company_id", "=", self._origin.id), ("reason", "not in", ["proof"])]
        today = [*mine, ("kind", "=", "lead"), ("received_at", ">=", self._tiktok_today())]
        week = fields.Datetime.now() - timedelta(days=7)
        received = dict(events._read_group(today, ["state"], ["__count"]))
        attention = {
            state: (count, since)
            for state, count, since in events._read_group(
                [*mine, ("state", "in", ("pending", "failed", "quarantined"))],
                ["state"],
                ["__count", "received_at:min"],
            )
        }
        kept, since = attention.get("quarantined", (0, False))
        last = events.search_fetch(
            [*mine, ("kind", "=", "lead"), ("trust", "!=", "none")], ["received_at"], limit=1
        )
        return {
            "tiktok_last_received_at": last.received_at,
            "tiktok_received_today": sum(received.values()) - received.get("quarantined", 0),
            "tiktok_created_today": received.get("done", 0),
            "tiktok_waiting_count": attention.get("pending", (0,))[0],
            "tiktok_failed_count": attention.get("failed", (0,))[0],
            "tiktok_quarantined_count": kept,
            "tiktok_quarantined_since": since,
            "tiktok_wrong_signature_count": events.search_count(
                [
                    *mine,
                    ("received_at", ">=", week),
                    ("signature", "=", "wrong"),
                    ("trust", "=", "token"),
                ],
                limit=1000,
            ),
        }

    def _tiktok_today(self):
        """Return when the user's day began, in UTC.

        :rtype: datetime
        """
        local = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        start = date_utils.start_of(local.replace(tzinfo=None), "day")
        return start - local.utcoffset()

    def _compute_tiktok_health(self):
        job = self.env.ref(const.CRON_XMLID, raise_if_not_found=False)
        for company in self:
            company.tiktok_url_is_local = not is_public_https(company.get_base_url())
            company.tiktok_job_is_off = not (job and job.sudo().active)

    def _compute_tiktok_can_configure(self):
        allowed = self.has_access("write")
        for company in self:
            company.tiktok_can_configure = allowed or company._tiktok_is_ours()

    # === ACTION METHODS === #

    def action_tiktok_overview(self):
        """Open the page of the company one works in."""
        self._tiktok_check_reader()
        company = self.env.company
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("TikTok"),
            "res_model": "res.company",
            "res_id": company.id,
            "view_mode": "form",
            "views": [(self.env.ref("tiktok_leadgen.res_company_view_form_tiktok").id, "form")],
            "context": {"create": False, "delete": False, "duplicate": False},
        }

    def action_tiktok_view_events(self):
        """Open the events of this company; the button says which."""
        self.ensure_one()
        self._tiktok_check_reader()
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.tiktok_event_action")
        action["domain"] = [("company_id", "=", self.id)]
        action["context"] = {f"search_default_{self.env.context.get('tiktok_filter', 'today')}": 1}
        return action

    def action_tiktok_job_on(self):
        """Switch the scheduled action on again."""
        self._tiktok_check_manager()
        self.env.ref(const.CRON_XMLID).sudo().active = True
        self.env["tiktok.event"].sudo()._wake()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_tiktok_send_test_lead(self):
        """Send a test lead through the same door as TikTok and show what became of it."""
        self.ensure_one()
        self._tiktok_check_manager()
        company = self.sudo()
        body, uid = company._tiktok_test_body()
        events = self.env["tiktok.event"].sudo()
        receipt = events._receive_webhook(
            body,
            company=str(company.id),
            token=company.tiktok_webhook_token,
            header=company._tiktok_sign(body),
            source="test",
        )
        if receipt.refused:
            raise werkzeug.exceptions.TooManyRequests(retry_after=const.RETRY_AFTER_SECONDS)
        event = events.search([("company_id", "=", company.id), ("lead_uid", "=", uid)], limit=1)
        events._process_batch(events._claim(ids=event.ids))
        event.invalidate_recordset()
        shown = event.lead_id or event
        return shown.with_user(self.env.user).get_formview_action()

    def _tiktok_sign(self, body):
        """Sign a test the way TikTok would, as far as the app secret is known."""
        try:
            secret = self._tiktok_open_app_secret(self.sudo().tiktok_app_secret_sealed)
        except SealError as error:
            raise UserError(str(error)) from error
        return signature.sign_open(body, secret) if secret else ""

    def _tiktok_test_body(self):
        """Return a test lead as TikTok sends one, and its id."""
        uid = str(10**18 + secrets.randbelow(8 * 10**18))
        now = int(fields.Datetime.now().timestamp())
        answers = [
            ("name", self.env._("Test Lead")),
            ("email", "test.lead@example.com"),
            ("phone_number", "+14155550123"),
            (self.env._("What is your budget?"), self.env._("About 2,000")),
        ]
        entry = {
            "id": int(uid),
            "lead_source": "INSTANT_FORM",
            "page_id": 1,
            "page_name": self.env._("Test from Odoo"),
            "campaign_id": 0,
            "campaign_name": TEST_MARK,
            "create_time": now,
            "changes": [{"field": field, "value": value} for field, value in answers],
        }
        content = {"object": 1, "time": now, "entry": [entry]}
        return json.dumps(content, ensure_ascii=False).encode(), uid


def is_public_https(url):
    """Tell whether TikTok, out in the world, could reach this address.

    :param str url: Odoo's base URL
    :rtype: bool
    """
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    try:
        reachable = ipaddress.ip_address(host).is_global
    except ValueError:
        reachable = "." in host and not host.endswith((".localhost", ".local", ".internal", ".lan"))
    return parts.scheme == "https" and reachable
