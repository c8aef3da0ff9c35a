import functools
import hashlib
import logging
import time
import typing

import psycopg2
import werkzeug.exceptions

from odoo import api, fields, models

from .. import const, settings
from ..clash import CONCURRENCY_ERRORS
from ..log_guard import private
from ..tiktok import payload, signature
from ..tiktok.errors import SealError

_logger = logging.getLogger(__name__)

# When this process woke the scheduler last, in seconds of its own clock, by database. A skipped
# wake-up is never lost: see `_wake`.
_last_wake = {}
KEPT = "kept"
# What a row brings and of which type; one that says nothing of a column leaves it empty.
COLUMNS = {
    "state": "varchar",
    "kind": "varchar",
    "source": "varchar",
    "company_id": "int",
    "dedup_key": "varchar",
    "lead_uid": "varchar",
    "advertiser_uid": "varchar",
    "page_uid": "varchar",
    "event_name": "varchar",
    "account_id": "int",
    "trust": "varchar",
    "signature": "varchar",
    "reason": "varchar",
    "recognized_by": "varchar",
    "submitted_at": "bigint",  # seconds since 1970
    "raw": "text",
    "raw_size": "int",
}


class Receipt(typing.NamedTuple):
    """What became of one request."""

    stored: int  # how many rows are new
    refused: bool  # whether something came without proof and is over the bound


class Proof:
    """What one request offers as proof, checked once for each company it may be for."""

    def __init__(self, env, body, token, header):
        self._env = env
        self._body = body
        self._token_hash = signature.hash_token(token)
        self._header = header
        self.check = functools.cache(self._check)

    def _check(self, company_id):
        """Judge the proof by a company's policy.

        :return: trust, state of the signature, reason if there is no trust (three str)
        """
        config = self._env["res.company"]._tiktok_lead_configs()[company_id]
        now = fields.Datetime.now()
        token = signature.match_token_hash(self._token_hash, config["token_hashes"], now)
        signed, lack = self._check_signature(config["tiktok_app_secret_sealed"])
        for sealed in config["other_secrets"]:
            if signed != "right" and sealed:
                again = self._check_signature(sealed)
                signed, lack = again if again[0] == "right" else (signed, lack)
        right = signed == "right"
        policy = config["tiktok_signature_policy"]
        if policy == "both" and token and right:
            return "both", signed, ""
        if policy != "both" and right:
            return "both" if token else "signature", signed, ""
        if policy == "token" and token:
            return "token", signed, ""
        if config["tiktok_accept_untrusted"]:
            return "open", signed, ""
        if policy == "token" or (policy == "both" and not token):
            return "none", signed, "wrong_token" if self._token_hash else "no_token"
        return "none", signed, lack

    def has_former_token(self, company_id):
        """Tell whether the token was a company's own before it was replaced.

        :param company_id: of the company, or None
        :rtype: bool
        """
        if not company_id:
            return False
        config = self._env["res.company"]._tiktok_lead_configs()[company_id]
        known = [(token_hash, False) for token_hash, _until in config["token_hashes"]]
        return signature.match_token_hash(self._token_hash, known, None)

    def _check_signature(self, sealed):
        try:
            secret = self._env["res.company"]._tiktok_open_app_secret(sealed)
        except SealError:
            return "unchecked", "unreadable_secret"
        if not secret:
            return "unchecked", "no_secret"
        if not self._header:
            return "missing", "no_signature"
        if signature.check_open_signature(self._body, self._header, secret):
            return "right", ""
        return "wrong", "wrong_signature"


class TiktokEvent(models.Model):
    _inherit = "tiktok.event"

    @api.model
    def _receive_webhook(
        self, body, *, company="", token="", header="", form=None, source="webhook"
    ):
        """Store what was posted to the lead webhook: the only thing done in the request.

        :param bytes body: as it came
        :param str company: the address's company_id, whatever it holds
        :param str token: the address's token
        :param str header: X-Open-Signature
        :param dict form: the fields of a form-encoded body, which can't be signed
        :param str source: how it came
        :rtype: Receipt
        """
        items = payload.split_form(form) if form else payload.split(body)
        proof = Proof(self.env, body, token, "" if form else header)
        claimed = self._known_company(settings.company_id(company))
        default = self._known_company(settings.default_company_id())

        @functools.cache
        def owners():
            uids = {item.advertiser_uid for item in items}
            return self.env["tiktok.advertiser"]._companies(uids)

        @functools.cache
        def judge(advertiser_uid):
            return self._judge(proof, claimed, lambda: owners()[advertiser_uid], default)

        rows = [
            {**self._prepare_row(item, *judge(item.advertiser_uid)), "source": source}
            for item in items
        ]
        kept = [row for row in rows if row["state"] == "quarantined"]
        self._recognize_senders(kept, proof)
        full = self._find_full_rooms(kept)
        rows = [row for row in rows if (row["company_id"], row["recognized_by"]) not in full]
        return Receipt(self._receive(rows), bool(full))

    @api.model
    def _judge(self, proof, claimed, find_owner, default):
        """Find whose lead it is: the first company for which the proof holds.

        The company in the address comes first if its token is right; without it, anyone could
        have written that number, and the ad account knows better.

        :param find_owner: returns the company of the lead's ad account, or None
        :return: company id or None, trust, state of the signature, reason
        :rtype: tuple
        """
        if claimed and proof.check(claimed)[0] in ("token", "both"):
            return claimed, *proof.check(claimed)
        owner = self._known_company(find_owner())
        for company_id in filter(None, (owner, default, claimed)):
            trust, signed, _reason = proof.check(company_id)
            # Open mode is for who names the company, not for whoever it is guessed to be.
            if trust not in ("none", "open") or (trust == "open" and company_id == claimed):
                return company_id, trust, signed, ""
        is_former = proof.has_former_token(claimed)  # who held it knows better than others
        keeper = claimed if is_former else owner or default or claimed
        if not keeper:
            return None, "none", "unchecked", "unknown_company"
        _trust, signed, reason = proof.check(keeper)
        return keeper, "none", signed, reason or "no_token"

    @api.model
    def _known_company(self, company_id):
        return company_id if company_id in self.env["res.company"]._tiktok_lead_configs() else None

    @api.model
    def _prepare_row(self, item, company_id, trust, signed, reason):
        """Return the row of one item.

        :param payload.Item item: what came
        :rtype: dict
        """
        state, reason = self._first_state(item, company_id, trust, reason)
        kept = state == "quarantined"
        raw = item.raw
        if kept and item.kind == payload.KIND_UNREADABLE:
            raw = raw[: const.UNTRUSTED_RAW_CHARS]
        return {
            "state": state,
            "kind": item.kind,
            "company_id": company_id,
            "dedup_key": self._kept_key(item) if kept else item.key,
            "lead_uid": item.lead_uid or None,
            "advertiser_uid": item.advertiser_uid or None,
            "page_uid": item.page_uid or None,
            "trust": trust,
            "signature": signed,
            "reason": reason or None,
            "submitted_at": item.submitted,
            "recognized_by": None,
            "raw": raw,
            "raw_size": len(raw.encode()),
        }

    @api.model
    def _kept_key(self, item):
        """Return the key of what nobody vouches for.

        It tells contents apart: who guesses the id of a lead must not keep out the lead itself
        that comes without proof later, because its token was changed.
        """
        digest = hashlib.sha256(item.raw.encode()).hexdigest()[:16]
        return f"{KEPT}:{digest}:{item.key}"

    @api.model
    def _first_state(self, item, company_id, trust, reason):
        if trust == "none":
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
        """Store rows and wake the job; the one door for everything that comes.

        What is there already is left alone. One statement stores all rows and the trigger of the
        job, so that either all are on disk after the commit or none.

        :param list rows: dicts by the names of `COLUMNS`
        :return: how many are new
        :rtype: int
        """
        if not rows:
            return 0
        # In one order everywhere, so that two deliveries of the same leads can't block each other.
        rows = sorted(rows, key=lambda row: row["dedup_key"])
        columns = [[row.get(name) for row in rows] for name in COLUMNS]
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(const.CRON_XMLID) or None
        try:
            with private():
                self.env.cr.execute(self._insert_query(), [*columns, cron_id], log_exceptions=False)
        except psycopg2.errors.LockNotAvailable:
            # Odoo would run the request again, and one row that is held would take all workers.
            _logger.warning("TikTok events could not be stored: a row they refer to is locked")
            raise werkzeug.exceptions.ServiceUnavailable("Not stored, try again.") from None
        except CONCURRENCY_ERRORS:
            raise  # Odoo runs the request again
        except psycopg2.Error as error:
            # Its text may quote what came, so neither the log nor TikTok may see it.
            _logger.error("TikTok events could not be stored: %s", error.pgcode)  # noqa: TRY400
            raise werkzeug.exceptions.ServiceUnavailable("Not stored, try again.") from None
        count = self.env.cr.fetchone()[0]
        if any(row["state"] == "pending" for row in rows):
            self.env.cr.postcommit.add(self._notify_scheduler)
        return count

    @api.model
    def _insert_query(self):
        """Return the statement: rows in columns, then one trigger of the job for all of them."""
        names = ", ".join(COLUMNS)
        arrays = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
        moment = "to_timestamp(submitted_at) AT TIME ZONE 'UTC'"
        special = {"submitted_at": moment, "dedup_key": self._more_key()}
        values = ", ".join(special.get(name, name) for name in COLUMNS)
        return f"""
            WITH item AS (
                SELECT * FROM unnest({arrays}) AS item ({names})
            ), again AS ({self._again_query()}), stored AS (
                INSERT INTO tiktok_event (
                    {names},
                    received_at, next_try_at, done_at, tries, create_uid, create_date, write_uid,
                    write_date
                )
                SELECT {values}, clock, clock,
                       CASE state WHEN 'ignored' THEN clock END, 0, 1, clock, 1, clock
                  FROM item,
                       (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS clock) AS moment
                ON CONFLICT DO NOTHING
                RETURNING state
            ), woken AS (
                INSERT INTO ir_cron_trigger (cron_id, call_at, create_date, write_date)
                SELECT cron.id, moment, moment, moment
                  FROM ir_cron cron,
                       (SELECT date_trunc('second', now() AT TIME ZONE 'UTC') AS moment) AS now
                 WHERE cron.id = %s::int AND cron.active
                   AND EXISTS (SELECT FROM stored WHERE state = 'pending')
            )
            SELECT count(*) FROM stored
        """  # noqa: S608 - the names above, nothing that came

    # === WAKING THE JOB === #

    @api.model
    def _wake(self):
        """Have the job run right after this transaction."""
        cron = self.env.ref(const.CRON_XMLID, raise_if_not_found=False)
        if cron:
            cron._tiktok_trigger()

    def _notify_scheduler(self):
        """Wake the scheduler after the commit, at most every `WAKE_SECONDS` in one process.

        Odoo opens a connection for it, which costs more than storing a lead. Skipping is safe:
        the wake-up that was sent less than `WAKE_SECONDS` ago makes a run which looks for work
        until at least `LINGER_SECONDS` after its beginning, and the trigger that was committed
        with the row makes the job ready again if that run had begun before.
        """
        now = time.monotonic()
        dbname = self.env.cr.dbname
        if now - _last_wake.get(dbname, -const.WAKE_SECONDS) < const.WAKE_SECONDS:
            return
        _last_wake[dbname] = now
        try:
            self.env["ir.cron"]._notifydb()
        except Exception:  # noqa: BLE001 - whatever it is, the row is stored
            _last_wake.pop(dbname, None)
            # The row is on disk: TikTok must get its 200, and the job finds the row by itself.
            _logger.warning("The scheduler could not be woken; leads wait up to a minute")
