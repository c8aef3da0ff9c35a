import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tiktok import client
from ..tiktok.errors import ReconnectError, SealError, TiktokError, WrongRequestError

_logger = logging.getLogger(__name__)
GONE = "40007"


class TiktokAdvertiser(models.Model):
    """How ad accounts are disconnected, also while TikTok can't be reached."""

    _name = "tiktok.advertiser"
    _inherit = ["tiktok.advertiser", "tiktok.disconnect.mixin"]

    # === COMPUTE METHODS === #

    def _compute_is_disconnecting(self):
        self.env["tiktok.revocation"]._fill_pending(self, "advertiser_id")

    # === ACTION METHODS === #

    def action_disconnect(self):
        """Stop the leads of these ad accounts; the last one revokes the consent."""
        self.check_access("write")
        with client.within():
            for advertiser in self.sudo():
                advertiser._disconnect()
            self.env["tiktok.business.token"]._drop_unused()

    def action_disconnect_all(self):
        """Revoke the consent, for all ad accounts that live on it."""
        self.ensure_one()
        self.check_access("write")
        token = self.sudo().business_token_id
        siblings = self.sudo().search([("business_token_id", "=", token.id)]) if token else self
        siblings.with_user(self.env.user).check_access("write")
        siblings.sudo().with_user(self.env.user).action_disconnect()

    # === BUSINESS METHODS === #

    @api.model
    def _disconnecting_uids(self):
        """Return the ad accounts whose leads TikTok may still send although they are disconnected.

        :return: TikTok's ids by id of the company
        :rtype: dict[int, set]
        """
        found = {}
        for revocation in self.env["tiktok.revocation"].sudo().search(Domain.TRUE):
            advertiser = revocation.advertiser_id
            if advertiser.state == "revoked":
                found.setdefault(advertiser.company_id.id, set()).add(advertiser.advertiser_uid)
        return found

    def _disconnect(self):
        """End our subscriptions and leave the consent, now or when TikTok can be reached."""
        self.ensure_one()
        if self.state == "connected":
            self._unsubscribe_or_plan()
        # Who connects again wants its leads: only "Stop receiving" means none by night either.
        self.write({"wants_leads": False, "is_stopped": False})
        self._lose("here")
        token = self.business_token_id
        self.business_token_id = False
        if not token.advertiser_ids:
            token._give_back(self)

    def _unsubscribe_or_plan(self):
        """End our subscriptions; what TikTok could not do is planned."""
        try:
            self._unsubscribe()
        except ReconnectError as error:  # with a dead consent they are gone as well
            _logger.info("TikTok ad account %s: %s", self.id, type(error).__name__)
        except (TiktokError, UserError, SealError) as error:
            self.env["tiktok.revocation"]._plan_unsubscription(self, error)

    def _unsubscribe(self):
        """End our own subscriptions; those of others stay.

        :raise TiktokError: as TikTok refuses
        :raise SealError: if a secret can't be opened
        """
        self.ensure_one()
        self.sudo().write({"wants_leads": False, "is_stopped": True})
        found = self._sorted_subscriptions()
        for kind, each in found:
            if kind != "other":
                self._end(each.uid)
        self._look_again([(kind, each) for kind, each in found if kind == "other"])

    def _end_subscriptions(self, company):
        """End what still sends leads of a disconnected ad account here.

        :param company: res.company whose app subscribed
        :raise TiktokError: as TikTok refuses
        :raise UserError: if the app's keys are missing
        """
        subscriptions = company._tiktok_subscriptions()
        for each in subscriptions.all() if self else ():
            if self._concerns(each.target) and self._is_ours(each):
                self._end(each.uid, subscriptions)

    def _end(self, uid, subscriptions=None):
        try:
            (subscriptions or self._app_subscriptions()).unsubscribe(uid)
        except WrongRequestError as error:
            if error.code != GONE:
                raise
