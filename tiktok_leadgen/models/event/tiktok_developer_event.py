import datetime
import logging
import time

import werkzeug.exceptions

from odoo import api, models

from ...tiktok import developer_event, signature

_logger = logging.getLogger(__name__)


class TiktokDeveloperEvent(models.AbstractModel):
    """Webhooks of TikTok for Developers: about an account, or about our app.

    They are rows of `tiktok.event`; another addon extends `_process_account_event`.
    """

    _name = "tiktok.developer.event"
    _description = "TikTok Developer Event"

    # === RECEIVING === #

    @api.model
    def _receive_webhook(self, body, header):
        """Store what was posted to the developer webhook: the only thing done in the request.

        :param bytes body: as received
        :param str header: TikTok-Signature
        :return: how many rows are new
        :rtype: int
        :raise Unauthorized: if it is not TikTok's, or of another app
        :raise ServiceUnavailable: if that can't be found out
        """
        if not header and developer_event.read(body).name == developer_event.PING:
            # Whether TikTok signs its portal's test is not documented. It requires nothing.
            _logger.info("TikTok developer webhook: a test without a signature")
            return 0
        apps, is_stale = self._find_signing_apps(body, header)
        reported = developer_event.read(body)
        company_ids = [
            company_id
            for key, ids in apps
            for company_id in ids
            if reported.reason or (key and key == reported.client_key)
        ]
        if not company_ids:
            self._reject_webhook(body, "another app's key")
        rows = self._prepare_rows(reported, sorted(company_ids), is_stale)
        return self.env["tiktok.event"]._receive(rows)

    @api.model
    def _find_signing_apps(self, body, header):
        """Find the apps whose secret signed a body.

        :param bytes body: as received
        :param str header: TikTok-Signature
        :return: client key and companies of each, and whether the signature is an old one
        :rtype: tuple[list[tuple[str, list[int]]], bool]
        :raise Unauthorized: if no secret signed it
        :raise ServiceUnavailable: if no secret is known
        """
        apps, is_sealed = self.env["res.company"]._tiktok_find_developer_apps()
        if not apps:
            # TikTok tries again for three days: time to enter the secret, or to restore the key.
            _logger.warning(
                "TikTok developer webhook: %s",
                "no client secret can be opened" if is_sealed else "no client secret is known",
            )
            raise werkzeug.exceptions.ServiceUnavailable("Not stored, try again.")
        now = time.time()
        results = {
            secret: signature.check_developer_signature(body, header, secret, now)
            for _key, secret in apps
        }
        signing = [
            (key, company_ids)
            for (key, secret), company_ids in apps.items()
            if results[secret] != "wrong"
        ]
        if not signing:
            self._reject_webhook(body, "not signed by TikTok")
        return signing, next(each for each in results.values() if each != "wrong") == "stale"

    @api.model
    def _reject_webhook(self, body, reason):
        """Reject a request; the answer does not tell why.

        :param bytes body: as received
        :param str reason: for the log
        :raise Unauthorized: always
        """
        _logger.info("TikTok developer webhook: refused %s bytes: %s", len(body), reason)
        raise werkzeug.exceptions.Unauthorized("Not accepted.")

    @api.model
    def _prepare_rows(self, reported, company_ids, is_stale):
        """Return one row for each account it is about, or one for the app's first company.

        :param DeveloperEvent reported: by the webhook
        :param list[int] company_ids: whose app signed it
        :param bool is_stale: whether the signature is an old one
        :rtype: list[dict]
        """
        if reported.reason:
            return [self._prepare_unreadable_row(reported, company_ids[0])]
        accounts = self._find_accounts(reported, company_ids)
        rows = []
        for account in accounts or [accounts]:
            state, reason = self._get_first_state(reported, account, is_stale)
            rows.append(
                {
                    **self._prepare_row(reported, account.company_id.id or company_ids[0]),
                    "state": state,
                    "reason": reason,
                    "kind": "account",
                    "account_id": account.id or None,
                }
            )
        return rows

    @api.model
    def _prepare_unreadable_row(self, reported, company_id):
        """Return the row of a body that can't be read.

        :param DeveloperEvent reported: by the webhook
        :param int company_id: whose app signed it
        :rtype: dict
        """
        return {
            **self._prepare_row(reported, company_id),
            "state": "pending",  # the job marks it as failed and notifies a user, as with leads
            "kind": "unreadable",
            "reason": reported.reason,
        }

    @api.model
    def _prepare_row(self, reported, company_id):
        """Return what all rows of developer events have.

        :param DeveloperEvent reported: by the webhook
        :param int company_id: whose row it is
        :rtype: dict
        """
        return {
            "source": "webhook",
            "company_id": company_id,
            "dedup_key": reported.key,
            "event_name": reported.name or None,
            "verification": "signature",
            "signature": "right",
            "submitted_at": reported.created,
            "raw": reported.raw,
            "raw_size": len(reported.raw),
        }

    @api.model
    def _find_accounts(self, reported, company_ids):
        """Return the accounts it is about, of these companies alone.

        Another company's app must not report an account that is not connected through it.

        :param DeveloperEvent reported: by the webhook
        :param list[int] company_ids: whose app signed it
        :rtype: tiktok.account
        """
        accounts = self.env["tiktok.account"].sudo().with_context(active_test=False)
        if not reported.open_id or not reported.has_account:
            return accounts
        domain = [("open_id", "=", reported.open_id), ("company_id", "in", company_ids)]
        return accounts.search(domain)

    @api.model
    def _get_first_state(self, reported, account, is_stale):
        """Return state and reason of a new row.

        A valid but old signature may be a late retry, or a recording. What is only stored can do no
        harm; but an authorization must not be removed by an old event.

        :param DeveloperEvent reported: by the webhook
        :param account: tiktok.account, may be empty
        :param bool is_stale: whether the signature is an old one
        :rtype: tuple[str, str | None]
        """
        if not reported.is_known:
            return "ignored", "unknown_event"
        if reported.has_account and not account:
            return "ignored", "unknown_account"
        if is_stale and reported.name == developer_event.REMOVED:
            created = reported.created and _convert_timestamp(reported.created)
            if not created or account._is_connected_after(created):
                return "ignored", "stale"
        return "pending", None

    # === PROCESSING === #

    @api.model
    def _process_event(self, event):
        """Do what one event reports; it doesn't matter whether the company takes leads.

        :param event: tiktok.event, locked
        """
        event.ensure_one()
        reported = developer_event.read(event.raw or "")
        if reported.reason:
            event._mark_failed(reported.reason)
            return
        if not event.account_id and reported.has_account:
            # It may have been connected since: a user clicked Replay.
            event.account_id = self._find_accounts(reported, event.company_id.ids)
        if not reported.is_known:
            event._mark_ignored("unknown_event")
        elif reported.has_account and not event.account_id:
            event._mark_ignored("unknown_account")
        elif reported.has_account and event.account_id.open_id != reported.open_id:
            event._mark_ignored("outdated")  # another TikTok account was connected since
        else:
            self._close_event(
                event, self._process_account_event(event, reported.name, reported.content)
            )

    @api.model
    def _process_account_event(self, event, name, content):
        """Do what an event reports. Other addons extend it; the same event may come repeatedly.

        :param event: tiktok.event with its account
        :param str name: of the event, of TikTok's two spellings the one with "publicly"
        :param dict content: of the event, empty where TikTok's could not be read
        :return: why it is ignored, one of const.REASONS, empty if it is done
        :rtype: str
        """
        if name != developer_event.REMOVED:
            return ""
        account = event.account_id
        if account._is_connected_after(event.submitted_at or event.received_at):
            return "outdated"
        if account.state != "disconnected":
            account._disconnect_account(developer_event.removed_reason(content))
        return ""

    @api.model
    def _close_event(self, event, reason):
        """Mark an event as done or ignored.

        :param event: tiktok.event
        :param str reason: why it is ignored, empty if it is done
        """
        if reason:
            event._mark_ignored(reason)
            return
        event.write(
            {
                "state": "done",
                "reason": False,
                "error": False,
                "attempt_count": event.attempt_count + 1,
                "done_at": event._read_clock(),
                "next_try_at": False,
            }
        )

    @api.model
    def _describe_error(self, error):
        """Return a sentence about an error that quotes nothing.

        :param Exception error: of an attempt
        :rtype: str
        """
        return self.env._("The operation failed (%s).", type(error).__name__)

    @api.model
    def _describe_failure(self):
        """Return what the responsible user reads: what it is about, what to do.

        :rtype: tuple[str, str]
        """
        return (
            self.env._("TikTok sent a message that Odoo could not process"),
            self.env._(
                "This concerns an account or your TikTok app, not a lead. Open TikTok → Leads → "
                "Deliveries and filter by Failed: each delivery shows its reason. The connection "
                "status is shown under Accounts."
            ),
        )


def _convert_timestamp(seconds):
    """Return a time the way Odoo stores it: UTC without a time zone.

    :param int seconds: since 1970
    :rtype: datetime.datetime
    """
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).replace(tzinfo=None)
