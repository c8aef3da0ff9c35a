import functools
import hashlib
import json
import logging
import time
import typing
from datetime import timedelta

import psycopg2
import werkzeug.exceptions

from odoo import api, fields, models

from ... import const, settings
from ...concurrency import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from ...delivery_detail import measure_request
from ...event_store import DELETE_FUNCTION, STORE_FUNCTION
from ...event_store_rows import store_rows
from ...live_updates import notify_pages
from ...log_filters import private
from ...tiktok import developer_event, payload
from ...tiktok.redacted import MILLISECONDS_KEY
from ...webhook_authenticator import WebhookAuthenticator
from .tiktok_event import MANAGERS

_logger = logging.getLogger(__name__)

# When this process woke the job last, in seconds of its own clock, by database. What a skipped
# wake-up would have woken is never lost: see `_wake_job`.
_last_woken = {}
QUARANTINED = "quarantined"  # begins the key of an unverified delivery


class Receipt(typing.NamedTuple):
    """What became of one request."""

    stored: int  # how many rows are new
    refused: bool  # whether unverified items are over the bound
    is_waiting: bool  # whether some rows have to be processed


class TiktokEvent(models.Model):
    """How deliveries are stored: the only thing that is done in a request."""

    _inherit = "tiktok.event"

    headers = fields.Text(
        "Request headers",
        readonly=True,
        groups=MANAGERS,
        help="As JSON: of a header that may be secret, only its length.",
    )
    # Of an import of downloaded files: what its undo removes, if nothing was changed since.
    import_id = fields.Many2one(
        "tiktok.lead.import",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=MANAGERS,  # others may not see imports
    )
    import_digest = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, export_string_translation=False
    )

    def _auto_init(self):
        """Create the function that stores deliveries, with the table."""
        result = super()._auto_init()
        self.env.cr.execute(DELETE_FUNCTION)
        self.env.cr.execute(STORE_FUNCTION)
        return result

    # === ACTION METHODS === #

    def action_map_relay(self):
        """Open the mapping of the relay that sent a delivery which no alias knows.

        :return: an action
        :rtype: dict
        :raise UserError: if nothing is left of it to point at
        """
        self.ensure_one()
        self._check_decision_access()
        return self.env["tiktok.relay.mapping"]._open_for_event(self)

    # === RECEIVING === #

    @api.model
    def _receive_webhook(
        self,
        body,
        *,
        company="",
        token="",
        header="",
        headers=None,
        form=None,
        received=None,
        source="webhook",
    ):
        """Store what was posted to the lead webhook.

        :param bytes body: unpacked
        :param str company: the URL's company_id, whatever it holds
        :param str token: the URL's token
        :param str header: X-Open-Signature
        :param dict form: the fields of a form-encoded body, which can't be signed
        :param str source: one of `delivery_detail.SOURCES`
        :param dict headers: of `redacted.describe_headers`
        :param bytes received: the body as received, if it was packed: either may be signed
        :rtype: Receipt
        """
        items = payload.split_form_fields(form) if form else payload.split_body(body)
        signed = (received, body) if received not in (None, body) else body
        authenticator = WebhookAuthenticator(self.env, signed, token, "" if form else header)
        rows = self._prepare_rows(items, authenticator, company)
        headers = headers and {MILLISECONDS_KEY: measure_request(), **headers}
        shared = {"source": source, "headers": json.dumps(headers) if headers else None}
        rows = [{**row, **shared} for row in rows]
        quarantined = [row for row in rows if row["state"] == "quarantined"]
        self._recognize_senders(quarantined, authenticator)
        full = self._find_full_quotas(quarantined)
        rows = [row for row in rows if (row["company_id"], row["recognized_by"]) not in full]
        stored = self._receive(rows)
        companies = {row["company_id"] for row in quarantined if stored and row["company_id"]}
        notify_pages(self.env["res.company"].browse(companies))
        is_waiting = stored > 0 and any(row["state"] == "pending" for row in rows)
        return Receipt(stored, bool(full), is_waiting)

    @api.model
    def _prepare_rows(self, items, authenticator, company):
        """Return the rows of a delivery, each with the company it belongs to.

        :param list items: of `payload.split_body`
        :param WebhookAuthenticator authenticator: of the request
        :param str company: the URL's company_id, whatever it holds
        :rtype: list[dict]
        """
        claimed = self._get_known_company(settings.company_id(company))
        default = self._get_known_company(settings.default_company_id())

        @functools.cache
        def find_owners():
            uids = {item.advertiser_uid for item in items}
            return self.env["tiktok.advertiser"]._find_company_ids(uids)

        @functools.cache
        def find_company(uid):
            return authenticator.find_company(
                claimed, lambda: self._get_known_company(find_owners()[uid]), default
            )

        rows = []
        for item in items:
            company_id, result = find_company(item.advertiser_uid)
            rows.append(self._prepare_row(item, company_id, *result))
        return rows

    @api.model
    def _get_known_company(self, company_id):
        return company_id if company_id in self.env["res.company"]._tiktok_lead_configs() else None

    @api.model
    def _prepare_row(self, item, company_id, verification, signature, reason):
        """Return the row of one item.

        :param payload.Item item: of a delivery
        :param int company_id: whose it is, or None
        :param str verification: one of `delivery_detail.VERIFICATIONS`
        :param str signature: one of `delivery_detail.SIGNATURES`
        :param str reason: why it is unverified, empty if it is not
        :return: values by the names of `COLUMNS`
        :rtype: dict
        """
        state, reason = self._get_first_state(item, company_id, verification, reason)
        is_quarantined = state == "quarantined"
        raw = item.raw
        if is_quarantined and item.kind == payload.KIND_UNREADABLE:
            raw = raw[: const.UNVERIFIED_RAW_CHARS]
        return {
            "state": state,
            "kind": item.kind,
            "company_id": company_id,
            "dedup_key": self._get_quarantine_key(item) if is_quarantined else item.key,
            "lead_uid": item.lead_uid or None,
            "advertiser_uid": item.advertiser_uid or None,
            "page_uid": item.page_uid or None,
            "verification": verification,
            "signature": signature,
            "reason": reason or None,
            "submitted_at": item.submitted,
            "recognized_by": None,
            "raw": raw,
            "raw_size": len(raw.encode()),
        }

    @api.model
    def _get_quarantine_key(self, item):
        """Return the key of an unverified item.

        It tells contents apart: a sender who guesses the ID of a lead must not keep out the lead
        itself, which arrives unverified later because its token was changed.

        :param payload.Item item: of a delivery
        :rtype: str
        """
        digest = hashlib.sha256(item.raw.encode()).hexdigest()[:16]
        return f"{QUARANTINED}:{digest}:{item.key}"

    @api.model
    def _get_first_state(self, item, company_id, verification, reason):
        """Return the state of a new row, and its reason.

        :param payload.Item item: of a delivery
        :param int company_id: whose it is, or None if it is unverified
        :param str verification: one of `delivery_detail.VERIFICATIONS`
        :param str reason: why it is unverified, empty if it is not
        :rtype: tuple[str, str]
        """
        if verification == "none":
            return "quarantined", reason
        config = self.env["res.company"]._tiktok_lead_configs()[company_id]
        if not config["active"]:
            return "ignored", "company_archived"
        if not config["tiktok_leadgen_enabled"]:
            return "ignored", "company_off"
        if item.advertiser_uid in config["disconnecting"]:
            return "ignored", "disconnected"
        if item.kind == payload.KIND_OTHER:
            return "ignored", item.reason
        return "pending", item.reason

    @api.model
    def _receive(self, rows):
        """Store rows and trigger the job: everything that is delivered enters here.

        Rows that are known are left alone. One statement stores all rows and the trigger of the
        job, so that either all are on disk after the commit or none.

        :param list[dict] rows: values by the names of `COLUMNS`
        :return: how many are new
        :rtype: int
        :raise ServiceUnavailable: if they could not be stored
        """
        if not rows:
            return 0
        # In one order everywhere, so that two deliveries of the same leads can't block each other.
        rows = sorted(rows, key=lambda row: row["dedup_key"])
        now, dbname = time.monotonic(), self.env.cr.dbname
        is_waking = now - _last_woken.get(dbname, -const.WAKE_SECONDS) >= const.WAKE_SECONDS
        cron_id = is_waking and self.env["ir.model.data"]._xmlid_to_res_id(const.CRON_XMLID)
        try:
            with private():
                stored, pending = store_rows(self.env.cr, rows, cron_id or None)
        except psycopg2.errors.LockNotAvailable:
            # Odoo would run the request again, and one locked row would occupy all workers.
            _logger.warning("TikTok events could not be stored: a row they refer to is locked")
            raise werkzeug.exceptions.ServiceUnavailable("Not stored, try again.") from None
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # Odoo runs the request again
        except psycopg2.Error as error:
            # Its text may quote the delivery, so neither the log nor TikTok may see it.
            _logger.error("TikTok events could not be stored: %s", error.pgcode)  # noqa: TRY400
            raise werkzeug.exceptions.ServiceUnavailable("Not stored, try again.") from None
        if pending:
            self.env.cr.postcommit.add(lambda: self._wake_job(now, is_waking))
        return stored

    # === WHAT WAS RECEIVED === #

    def action_download_redacted(self):
        """Download a description of the delivery without personal data, for support.

        :return: the action that downloads it
        :rtype: dict
        """
        self.ensure_one()
        self._check_decision_access()
        url = f"{const.REDACTED_ROUTE}/{self.id}"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _is_developer_event(self):
        """Tell whether it came to the developer webhook, also where it can't be read.

        :rtype: bool
        """
        self.ensure_one()
        return self.dedup_key.startswith(developer_event.KEY)

    def _is_late(self):
        """Tell whether a file delivered it so late that the person no longer waits for a call.

        A downloaded file may not tell when a lead was submitted: then it is late.

        :rtype: bool
        """
        moment = self.submitted_at
        if self.source not in ("backfill", "import") or not moment:
            return self.source == "import"
        return self.received_at - moment > timedelta(minutes=const.LATE_MINUTES)

    # === THE JOB === #

    def _add_to_history(self, sentence):
        """Add a line with the time to the history of an event.

        :param str sentence: without anything of the lead
        """
        line = f"{fields.Datetime.to_string(self._read_clock())} UTC: {sentence}"
        self.history = "\n".join(filter(None, [self.history, line]))

    @api.model
    def _read_clock(self):
        """Return the time when this transaction began, by the clock that all nodes share.

        :rtype: datetime.datetime
        """
        return self.env.cr.now().replace(microsecond=0)

    @api.model
    def _trigger_job(self):
        """Have the job run right after this transaction."""
        self.env["ir.cron"]._tiktok_trigger_job(const.CRON_XMLID)

    def _wake_job(self, stored_at, is_waking):
        """Notify the scheduler after a commit, at most every `WAKE_SECONDS` in one process.

        Odoo opens a connection for it, which costs more than storing a lead; and so does the
        trigger of the job, which is a row of its own. Skipping both is safe: the run that answers
        the last trigger begins after that was committed, and looks for work until at least
        `LINGER_SECONDS` after its beginning. A run that had begun before leaves the trigger.

        :param float stored_at: when the rows were stored, by the clock of this process
        :param bool is_waking: whether a trigger of the job was stored with the rows
        """
        dbname = self.env.cr.dbname
        try:
            if is_waking:
                _last_woken[dbname] = stored_at
                self.env["ir.cron"]._notifydb()
            elif time.monotonic() - _last_woken.get(dbname, 0) >= const.LINGER_SECONDS:
                # The commit took so long that the run may be over.
                with self.env.registry.cursor() as cr:
                    self.with_env(self.env(cr=cr, su=True))._trigger_job()
        except Exception:  # noqa: BLE001 - whatever it is, the row is stored
            _last_woken.pop(dbname, None)
            # The row is on disk: TikTok must get its 200, and the job finds the row in a minute.
            _logger.warning("The scheduler could not be woken; leads wait up to a minute")
