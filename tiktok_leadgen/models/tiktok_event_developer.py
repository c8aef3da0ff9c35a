import datetime
import logging
import time

import werkzeug.exceptions

from odoo import api, fields, models

from ..tiktok import developer_event, signature

_logger = logging.getLogger(__name__)


class TiktokEvent(models.Model):
    """Events of TikTok for Developers: about an account, or about our app."""

    _inherit = "tiktok.event"

    event_name = fields.Char("Event", readonly=True, help="As TikTok names it.")
    account_id = fields.Many2one(
        "tiktok.account",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="sales_team.group_sale_manager",  # nobody else may see accounts
    )

    @api.depends("event_name")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for event in self.filtered("event_name"):
            event.display_name = event.event_name
        return result

    # === RECEIVING === #

    @api.model
    def _receive_developer(self, body, header):
        """Store what was posted to the developer webhook: the only thing done in the request.

        :param bytes body: as it came
        :param str header: TikTok-Signature
        :return: how many rows are new
        :rtype: int
        :raise Unauthorized: if it is not TikTok's, or of another app
        :raise ServiceUnavailable: if that can't be told
        """
        if not header and developer_event.read(body).name == developer_event.PING:
            # Whether TikTok signs its portal's test is not documented. It asks for nothing.
            _logger.info("TikTok developer webhook: a test without a signature")
            return 0
        matching, verdict = self._check_developer(body, header)
        event = developer_event.read(body)
        companies = [
            company_id
            for key, company_ids in matching
            for company_id in company_ids
            if event.reason or (key and key == event.client_key)
        ]
        if not companies:
            self._refuse_developer(body, "another app's key")
        return self._receive(self._prepare_developer_rows(event, sorted(companies), verdict))

    @api.model
    def _check_developer(self, body, header):
        """Find the apps whose secret signed it.

        :return: client key and companies of each, and the verdict: ``right`` or ``stale``
        :rtype: tuple[list[tuple[str, list[int]]], str]
        """
        apps, is_sealed = self.env["res.company"]._tiktok_developer_apps()
        if not apps:
            # TikTok tries again for three days: time to enter the secret, or to mend the key.
            _logger.warning(
                "TikTok developer webhook: %s",
                "no client secret can be opened" if is_sealed else "no client secret is known",
            )
            raise werkzeug.exceptions.ServiceUnavailable("Not stored, try again.")
        now = time.time()
        verdicts = {
            secret: signature.check_developer_signature(body, header, secret, now)
            for _key, secret in apps
        }
        matching = [
            (key, company_ids)
            for (key, secret), company_ids in apps.items()
            if verdicts[secret] != "wrong"
        ]
        if not matching:
            self._refuse_developer(body, "not signed by TikTok")
        return matching, next(verdict for verdict in verdicts.values() if verdict != "wrong")

    @api.model
    def _refuse_developer(self, body, why):
        """Say no, and to whom it may concern nothing more.

        :raise Unauthorized: always
        """
        _logger.info("TikTok developer webhook: refused %s bytes: %s", len(body), why)
        raise werkzeug.exceptions.Unauthorized("Not accepted.")

    @api.model
    def _prepare_developer_rows(self, event, company_ids, verdict):
        """Return one row for each account it is about, or one for the app's first company.

        :param DeveloperEvent event: what came
        :param list company_ids: whose app signed it
        :param str verdict: ``right`` or ``stale``
        :rtype: list[dict]
        """
        if event.reason:
            return [self._prepare_unreadable(event, company_ids[0])]
        accounts = self._developer_accounts(event, company_ids)
        rows = []
        for account in accounts or [accounts]:
            state, reason = self._first_developer_state(event, account, verdict)
            rows.append(
                {
                    **self._prepare_developer(event, account.company_id.id or company_ids[0]),
                    "state": state,
                    "reason": reason,
                    "kind": "account",
                    "account_id": account.id or None,
                }
            )
        return rows

    @api.model
    def _developer_accounts(self, event, company_ids):
        """Return the accounts it is about, of these companies alone.

        Another company's app must not speak of an account that is not connected through it.
        """
        accounts = self.env["tiktok.account"].sudo().with_context(active_test=False)
        if not event.open_id or not event.has_account:
            return accounts
        return accounts.search([("open_id", "=", event.open_id), ("company_id", "in", company_ids)])

    @api.model
    def _prepare_developer(self, event, company_id):
        return {
            "source": "webhook",
            "company_id": company_id,
            "dedup_key": event.key,
            "event_name": event.name or None,
            "trust": "signature",
            "signature": "right",
            "submitted_at": event.created,
            "raw": event.raw,
            "raw_size": len(event.raw),
        }

    @api.model
    def _prepare_unreadable(self, event, company_id):
        return {
            **self._prepare_developer(event, company_id),
            "state": "pending",  # the job fails it and tells a person, as with leads
            "kind": "unreadable",
            "reason": event.reason,
        }

    @api.model
    def _first_developer_state(self, event, account, verdict):
        """Return state and reason of a new row.

        A signature that is right but old may be a late retry, or somebody's recording. What is
        only written down can do no harm; an authorization must not be removed by the past.
        """
        if not event.is_known:
            return "ignored", "unknown_event"
        if event.has_account and not account:
            return "ignored", "unknown_account"
        if (
            verdict == "stale"
            and event.name == developer_event.REMOVED
            and (not event.created or account._is_connected_after(_utc(event.created)))
        ):
            return "ignored", "stale"
        return "pending", None

    # === PROCESSING === #

    def _is_developer(self):
        """Tell whether it came to the developer webhook, also where it can't be read."""
        self.ensure_one()
        return self.dedup_key.startswith(developer_event.KEY)

    def _process(self):
        accounts = self.filtered(lambda event: event._is_developer())
        for event in accounts:
            event._process_developer()
        rest = self - accounts
        return super(TiktokEvent, rest)._process() if rest else False

    def _process_developer(self):
        """Do what one event says; it doesn't matter whether the company takes leads."""
        self.ensure_one()
        event = developer_event.read(self.raw or "")
        if event.reason:
            self._fail(event.reason)
            return
        if not self.account_id and event.has_account:
            # It may have been connected since: somebody pressed Replay.
            self.account_id = self._developer_accounts(event, self.company_id.ids)
        if not event.is_known:
            self._ignore("unknown_event")
        elif event.has_account and not self.account_id:
            self._ignore("unknown_account")
        elif event.has_account and self.account_id.open_id != event.open_id:
            self._ignore("outdated")  # another TikTok account has taken its place since
        else:
            self._finish_developer(self._process_account_event(event.name, event.content))

    def _finish_developer(self, reason):
        if reason:
            self._ignore(reason)
            return
        self.write(
            {
                "state": "done",
                "reason": False,
                "error": False,
                "tries": self.tries + 1,
                "done_at": self._read_clock(),
                "next_try_at": False,
            }
        )

    def _process_account_event(self, name, content):
        """Do what an event says. Other addons extend it; the same event may come more than once.

        :param str name: of the event, of the two spellings TikTok's the one with "publicly"
        :param dict content: of the event, empty where TikTok's could not be read
        :return: why it is ignored, one of const.REASONS, empty if it is done
        :rtype: str
        """
        self.ensure_one()
        if name != developer_event.REMOVED:
            return ""
        if self.account_id._is_connected_after(self.submitted_at or self.received_at):
            return "outdated"
        if self.account_id.state != "disconnected":
            self.account_id._disconnect(developer_event.removed_reason(content))
        return ""

    def _describe(self, error):
        if self._is_developer():
            return self.env._("It could not be done (%s).", type(error).__name__)
        return super()._describe(error)

    def _failure(self):
        if not self._is_developer():
            return super()._failure()
        return (
            self.env._("TikTok told something that Odoo could not use"),
            self.env._(
                "It is about an account or about your TikTok app, no lead. Open CRM → Integrations "
                "→ TikTok → Events, filter Failed: each says why. Whether your accounts are still "
                "connected stands under Accounts."
            ),
        )


def _utc(seconds):
    """Return a time the way Odoo stores it: UTC without saying so.

    :rtype: datetime.datetime
    """
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).replace(tzinfo=None)
