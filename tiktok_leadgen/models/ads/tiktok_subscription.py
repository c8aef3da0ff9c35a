import logging
from functools import partial

from odoo import api, fields, models

from ... import const
from ...ad_account_lock import lock_before_storing
from ...job_time import read_transaction_clock
from ...tiktok.errors import ReconnectError, SealError, TiktokError
from ...tiktok.lead import DIRECT_MESSAGE
from ...tiktok.subscription import is_own_callback, targets_sent_here
from ...tiktok.values import isolate

_logger = logging.getLogger(__name__)

KINDS = [
    ("ours", "Sends leads here"),
    ("stale", "Created by Odoo, must be renewed"),
    ("duplicate", "Created by Odoo, duplicate"),
    ("other", "Third party"),
]


class TiktokSubscription(models.Model):
    """A lead subscription as TikTok listed it last; none of its secrets is stored."""

    _name = "tiktok.subscription"
    _description = "TikTok Lead Subscription"
    _order = "kind, id"
    _check_company_auto = True

    advertiser_id = fields.Many2one(
        "tiktok.advertiser", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="advertiser_id.company_id", store=True, index=True)
    subscription_uid = fields.Char("Subscription", required=True)
    kind = fields.Selection(KINDS, "Type", required=True)
    lead_source = fields.Char()
    library_uid = fields.Char("Library ID")
    page_uid = fields.Char("Form ID")
    callback_url = fields.Char("Maps to", help="The URL without the secret part.")
    target_name = fields.Char("Leads of", compute="_compute_target_name")

    _subscription_uniq = models.Constraint(
        "UNIQUE(advertiser_id, subscription_uid)", "The subscription already exists."
    )

    # === COMPUTE METHODS === #

    @api.depends("lead_source", "library_uid", "page_uid")
    def _compute_target_name(self):
        uids = [uid for uid in self.mapped("page_uid") if uid]
        found = self.env["tiktok.form"].search_fetch([("page_uid", "in", uids)], ["name"])
        names = {form.page_uid: form.name for form in found}
        for subscription in self:
            subscription.target_name = subscription._describe_leads(names)

    def _describe_leads(self, form_names):
        """Describe whose leads the subscription sends.

        :param dict form_names: names of forms by TikTok's id
        :rtype: str
        """
        if self.page_uid:
            return self.env._(
                "The form “%s”", isolate(form_names.get(self.page_uid, self.page_uid))
            )
        if self.library_uid:
            return self.env._("All forms of library %s", self.library_uid)
        if self.lead_source == "DIRECT_MESSAGE":
            return self.env._("Direct messages")
        return self.env._("All forms")

    # === BUSINESS METHODS === #

    @api.model
    def _describe_target(self, target):
        """Describe whose leads a target stands for.

        :param Target target: of a subscription
        :rtype: str
        """
        values = {
            "lead_source": target.source,
            "library_uid": target.library_uid,
            "page_uid": target.page_uid,
        }
        return self.new(values).target_name

    @api.model
    def _get_app_api(self, advertiser):
        """Return the subscriptions API of the app that received the consent of an ad account.

        That app may be another company's: the token works with this app only.

        :param advertiser: tiktok.advertiser
        :rtype: tiktok.subscription.Subscriptions
        :raise UserError: if the app's keys are missing
        """
        company = advertiser.sudo().business_token_id.company_id or advertiser.company_id
        return company._tiktok_get_subscriptions()

    @api.model
    def _get_callback_urls(self, advertiser, target):
        """Return the valid callback URLs of a target, the preferred one first.

        Each target has a URL of its own, as TikTok may accept a URL only once. The last one has no
        query: if TikTok accepts none, the signature and the ad account identify the sender.

        :param advertiser: tiktok.advertiser
        :param Target target: of a subscription
        :rtype: list[str]
        :raise SealError: if the company's webhook token can't be opened
        """
        company = advertiser.company_id.sudo()
        if not company.tiktok_webhook_url:
            raise SealError(
                "The webhook token can't be opened: give the encryption key back, or click "
                "New token on the page TikTok."
            )
        mark = target.page_uid or target.library_uid or target.advertiser_uid
        mark += "-messages" if target.source == DIRECT_MESSAGE else ""
        bare = f"{company.get_base_url()}{const.LEAD_WEBHOOK_ROUTE}"
        return [f"{company.tiktok_webhook_url}&for={mark}", company.tiktok_webhook_url, bare]

    @api.model
    def _request_classified(self, advertiser):
        """Request the subscriptions about an ad account and classify each.

        :param advertiser: tiktok.advertiser
        :return: kind (of `KINDS`) and `tiktok.subscription.Subscription`
        :rtype: list[tuple]
        :raise ReconnectError: if the ad account is not connected
        :raise TiktokError: as TikTok refuses
        :raise SealError: if a secret can't be opened
        """
        advertiser._get_business_client()  # only a connected ad account has one
        wanted, token = advertiser._get_required_targets(), advertiser._open_access_token()
        classified, current, urls = [], set(), partial(self._get_callback_urls, advertiser)
        for each in self._get_app_api(advertiser).list_subscriptions():
            target = each.target
            if not self._concerns_advertiser(advertiser, target):
                continue
            if not self._is_own_subscription(advertiser, each):
                kind = "other"
            elif target not in wanted or target in current:
                kind = "duplicate"
            elif each.token != token or each.callback_url not in urls(target):
                kind = "stale"
            else:
                kind = "ours"
                current.add(target)
            classified.append((kind, each))
        return classified

    @api.model
    def _concerns_advertiser(self, advertiser, target):
        """Tell whether a target is an ad account or one of its libraries.

        :param advertiser: tiktok.advertiser
        :param Target target: of a subscription
        :rtype: bool
        """
        libraries = advertiser.library_names or {}
        return target.advertiser_uid == advertiser.advertiser_uid or target.library_uid in libraries

    @api.model
    def _is_own_subscription(self, advertiser, subscription):
        """Tell whether a subscription calls this Odoo for the company of an ad account.

        :param advertiser: tiktok.advertiser
        :param subscription: `tiktok.subscription.Subscription`
        :rtype: bool
        """
        company, route = advertiser.company_id, const.LEAD_WEBHOOK_ROUTE
        url = subscription.callback_url
        return is_own_callback(url, company.get_base_url(), route, company.id)

    @api.model
    def _store_classified(self, advertiser, classified, expected=()):
        """Replace the stored subscriptions of an ad account.

        :param advertiser: tiktok.advertiser
        :param list classified: as `_request_classified` returns it
        :param list expected: what TikTok must have as well, even if it does not list it yet
        :raise psycopg2.errors.SerializationFailure: if another transaction stored them meanwhile
        :raise UnfinishedError: if a user stopped them meanwhile; they were ended
        """
        lock_before_storing(advertiser, [*classified, *expected])
        rows = {
            each.uid: {
                "kind": kind,
                "subscription_uid": each.uid,
                "lead_source": each.target.source,
                "library_uid": each.target.library_uid,
                "page_uid": each.target.page_uid,
                "callback_url": each.bare_callback_url,
            }
            for kind, each in classified
        }
        now = read_transaction_clock(self.env)
        sent_here = any(kind == "ours" for kind, _each in classified)
        advertiser.sudo().write(
            {
                "subscriptions_checked_at": now,
                "subscription_ids": [(5,), *((0, 0, row) for row in rows.values())],
                "is_unconfirmed": False,
                "subscribed_since": sent_here and (advertiser.subscribed_since or now),
            }
        )

    @api.model
    def _reload_classified(self, advertiser, expected):
        """Store what TikTok lists now; if it does not answer, what was done here.

        :param advertiser: tiktok.advertiser
        :param list expected: what TikTok must have now, as `_request_classified` returns it
        :return: the targets whose leads TikTok sends here
        :rtype: set[Target]
        :raise ReconnectError: if the ad account is not connected
        """
        listed = expected
        try:
            listed = self._request_classified(advertiser)
        except ReconnectError:
            raise
        except TiktokError as error:
            _logger.info(
                "TikTok ad account %s: not listed, %s", advertiser.id, type(error).__name__
            )
        self._store_classified(advertiser, listed, expected)
        return targets_sent_here(listed)
