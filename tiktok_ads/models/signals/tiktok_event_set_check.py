import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.job_time import read_clock, read_transaction_clock
from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS
from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.business_client import BusinessClient
from odoo.addons.tiktok_leadgen.tiktok.errors import (
    NotAllowedError,
    ReconnectError,
    RetryLaterError,
    SealError,
    TiktokError,
    UnparsableAnswerError,
    WrongRequestError,
)
from odoo.addons.tiktok_leadgen.tiktok.values import format_line, isolate

from ...tiktok import crm_event, event_report, spend_report

_logger = logging.getLogger(__name__)


class TiktokEventSet(models.Model):
    """The connection of an event set: its token, the check, creating and listing event sets."""

    _inherit = "tiktok.event.set"

    # === ACTION METHODS === #

    def action_check(self):
        """Check token and event set with a request without events: TikTok stores nothing.

        :return: the action that notifies the user
        :rtype: dict
        :raise UserError: if one of them is not at TikTok yet
        """
        self.check_access("write")
        if not all(self.mapped("event_set_uid")):
            raise UserError(self.env._("Enter the event set ID, or create it at TikTok first."))
        with client.deadline():
            for event_set in self.sudo():
                event_set._check_connection()
        failed = self.filtered("problem")
        if not failed:
            message = self.env._("TikTok accepts the token for this event set. Nothing was sent.")
            return self._build_notification(message)
        labels = dict(self._fields["problem"]._description_selection(self.env))
        message = "\n".join(
            " ".join(
                filter(
                    None, (f"{isolate(each.name)}: {labels[each.problem]}.", each.problem_message)
                )
            )
            for each in failed
        )
        return self._build_notification(message, "warning")

    def action_create_remote(self):
        """Create this event set at TikTok.

        :return: the action that notifies the user
        :rtype: dict
        :raise UserError: if it is there already, or TikTok refuses
        """
        self.ensure_one()
        self.check_access("write")
        if self.event_set_uid or not self.advertiser_id:
            raise UserError(self.env._("Choose an ad account, and leave the event set ID empty."))
        name = self.name[: crm_event.MAX_SET_NAME]
        with client.deadline():
            uid = self.advertiser_id._call_event_sets(
                lambda business, advertiser_uid: crm_event.create_event_set(
                    business, advertiser_uid, name, self.source
                )
            )
        if not uid:
            raise UserError(
                self.env._("TikTok did not tell the ID of the event set. Click Import from TikTok.")
            )
        self.event_set_uid = uid
        return self.action_check()

    @api.model
    def action_import_sets(self):
        """Import the CRM event sets of all connected ad accounts of the company.

        :return: the action that notifies the user
        :rtype: dict
        :raise AccessError: if the user may not create event sets
        :raise UserError: if no ad account is connected, or TikTok refuses
        """
        self.check_access("create")
        connected = [("state", "=", "connected"), ("company_id", "=", self.env.company.id)]
        advertisers = self.env["tiktok.advertiser"].search(connected)
        if not advertisers:
            raise UserError(
                self.env._(
                    "No ad account is connected. Connect one, or enter the ID and token of an "
                    "event set."
                )
            )
        with client.deadline():  # of all ad accounts together
            count = sum(len(self._import_sets_of(advertiser)) for advertiser in advertisers)
        return self._build_notification(self.env._("Imported event sets: %s", count))

    @api.model
    def _import_sets_of(self, advertiser):
        """Create the event sets of an ad account that are not here yet.

        :param advertiser: tiktok.advertiser
        :return: the new ones
        :rtype: tiktok.event.set
        :raise UserError: if TikTok refuses
        """
        remote = advertiser._call_event_sets(crm_event.list_event_sets)
        known = self.sudo().with_context(active_test=False)
        known = known.search([("event_set_uid", "in", [each.event_set_uid for each in remote])])
        uids = set(known.mapped("event_set_uid"))
        return self.create(
            [
                {
                    "name": format_line(each.name) or each.event_set_uid,
                    "event_set_uid": each.event_set_uid,
                    "advertiser_id": advertiser.id,
                    "company_id": advertiser.company_id.id,
                }
                for each in remote
                if each.event_set_uid not in uids
            ]
        )

    @api.model
    def _build_notification(self, message, kind="success"):
        return self.env["tiktok.advertiser"]._build_notification(message, kind)

    # === CONNECTION === #

    def _get_event_client(self):
        """Return the client that sends events: with the own token, else that of the ad account.

        :rtype: BusinessClient
        :raise ReconnectError: if there is neither
        :raise SealError: if the encryption key is missing or another one
        """
        self.ensure_one()
        sealed = self.sudo().token_sealed
        if sealed:
            base = settings.base_url("TIKTOK_BUSINESS_API_BASE_URL")
            return BusinessClient(base, self.env["tiktok.secrets"]._open_secret(sealed))
        if not self.advertiser_id:
            raise ReconnectError("The event set has no token.", "ads_not_connected")
        return self.advertiser_id._get_business_client()

    def _check_connection(self):
        """Check the connection and store the result; what waits is sent if it is right."""
        self.ensure_one()
        try:
            self._probe_connection()
        except TiktokError as error:
            self._store_problem(error)
            return
        self._resume_sending()
        self.checked_at = read_transaction_clock(self.env)

    def _probe_connection(self):
        """Send no events: TikTok refuses their number where token and event set are right.

        :raise TiktokError: if they are not, or cannot be checked
        """
        try:
            crm_event.send_events(self._get_event_client(), self.event_set_uid, self.source, [])
        except TiktokError as error:
            if not crm_event.is_size_refusal(error):
                raise

    def _store_problem(self, error):
        """Store what keeps events from being sent.

        :param TiktokError error: of a call
        """
        self.write(
            {
                "problem": self._classify_error(error),
                "problem_message": getattr(error, "words", "") or error.code,
                "checked_at": read_transaction_clock(self.env),
            }
        )

    @api.model
    def _classify_error(self, error):
        """Return what an error means for an event set.

        :param TiktokError error: of a call
        :return: of `PROBLEMS`
        :rtype: str
        """
        if error.code == "ads_not_connected":
            return "not_connected"
        if isinstance(error, ReconnectError) or crm_event.is_token_refusal(error):
            return "dead_token"
        kinds = (
            (NotAllowedError, "not_allowed"),
            (RetryLaterError, "unreachable"),
            (SealError, "key"),
        )
        return next((name for kind, name in kinds if isinstance(error, kind)), "refused")

    def _resume_sending(self):
        """Send what waits as soon as possible."""
        self.write(
            {
                "problem": False,
                "problem_message": False,
                "attempt_count": 0,
                "next_try_at": False,
                "checked_at": False,
            }
        )
        self.env["tiktok.crm.event"]._trigger_job()


class TiktokAdvertiser(models.Model):
    """Event sets of an ad account, and how many of their events TikTok's reports count."""

    _inherit = "tiktok.advertiser"

    reported_event_count = fields.Integer(
        "CRM events in TikTok's reports",
        readonly=True,
        copy=False,
        groups=SALES_MANAGERS,
        help="That TikTok matched with an ad of this ad account in the last 30 days.",
    )
    reported_events_at = fields.Datetime(
        "CRM events counted on", readonly=True, copy=False, groups=SALES_MANAGERS
    )

    def _fetch_event_count(self, business):
        """Fetch how many CRM events TikTok counts; costs do not depend on it.

        :param BusinessClient business: of this ad account
        """
        self.ensure_one()
        sent = [("event_set_id.advertiser_id", "=", self.id), ("state", "=", "sent")]
        if not self.env["tiktok.crm.event"].search_count(sent, limit=1):
            return
        last = self._get_spend_today()
        first = last - timedelta(days=crm_event.REPORT_DAYS - 1)
        try:
            count = event_report.fetch_crm_event_count(business, self.advertiser_uid, first, last)
        except (
            *(NotAllowedError, WrongRequestError, UnparsableAnswerError),
            spend_report.UnreadableReportError,
        ) as error:
            kind = type(error).__name__
            _logger.info("TikTok ad account %s: CRM events not counted: %s", self.id, kind)
            return
        self._lock_advertisers()
        self.write({"reported_event_count": count, "reported_events_at": read_clock(self.env)})

    def _call_event_sets(self, call):
        """Call TikTok about the event sets of this ad account.

        :param call: takes the client and TikTok's ID of the ad account
        :return: what ``call`` returns
        :raise UserError: if TikTok refuses, with a sentence that says what to do
        """
        self.ensure_one()
        try:
            return call(self._get_business_client(), self.advertiser_uid)
        except TiktokError as error:
            raise UserError(self._explain_error(error)) from error
