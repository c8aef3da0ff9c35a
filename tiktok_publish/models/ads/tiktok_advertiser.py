import logging

from odoo import models
from odoo.tools import split_every

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.tiktok.business_client import BusinessClient
from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError, WrongRequestError

from ... import const
from ...tiktok import ad

_logger = logging.getLogger(__name__)


class TiktokAdvertiser(models.Model):
    """Which posts and videos the ads show that brought leads.

    Few apps may read ads, and nothing else needs it: no answer here changes the state of the ad
    account.
    """

    _inherit = "tiktok.advertiser"

    def _sync_with_tiktok(self):
        problem = super()._sync_with_tiktok()
        if self.exists() and self.state == "connected":
            self._sync_shown_items()
        return problem

    def _sync_shown_items(self):
        """Request what the ads with leads show, and store the ads on those posts and videos."""
        self.ensure_one()
        entities = self.env["tiktok.ad.entity"]
        ads = entities._find_unread_ads(self)
        ads._store_shown_items(self._request_shown_items(ads.mapped("uid")))
        known = entities._map_shown_items(self.company_id)
        self.env["tiktok.ad.mixin"]._link_ads_to_items(self.company_id, known)

    def _request_shown_items(self, uids):
        """Request what some ads show, until TikTok refuses.

        :param list uids: TikTok's ad IDs
        :return: TikTok's ID of the post or video, empty for none, by ID of each ad answered for
        :rtype: dict[str, str]
        """
        items, advertiser_uid, refusals = {}, self.advertiser_uid, []
        try:
            client = self._make_ads_client()
            self._commit_in_job()
            for batch in split_every(ad.MAX_ADS_PER_REQUEST, uids, list):
                items |= _fetch_accepted_items(client, advertiser_uid, batch, refusals)
        except TiktokError as error:
            _logger.info("TikTok ad account %s: ads not read, %s", self.id, error.code)
        return items

    def _make_ads_client(self):
        """Return a client that reads ads; a token it finds invalid is not marked as revoked.

        :rtype: BusinessClient
        :raise SealError: if the encryption key is missing or another one
        """
        token = self.sudo().business_token_id
        return BusinessClient(
            settings.base_url("TIKTOK_BUSINESS_API_BASE_URL"), token._open_token()
        )


def _fetch_accepted_items(client, advertiser_uid, uids, refusals):
    """Return what ads show; where TikTok will always refuse a batch, what each half shows.

    An ad that it refuses alone shows nothing, so that it is not requested again soon.

    :param BusinessClient client: with a token
    :param str advertiser_uid: whose ads they are
    :param list uids: TikTok's ad IDs
    :param list refusals: codes of the errors of this run; too many end the search for the bad ads
    :rtype: dict[str, str]
    """
    try:
        return ad.fetch_shown_items(client, advertiser_uid, uids)
    except WrongRequestError as error:
        refusals.append(error.code)
    if len(uids) == 1 or len(refusals) >= const.MAX_AD_REFUSALS:
        _logger.info("TikTok ad account %s: %s ads, %s", advertiser_uid, len(uids), refusals[-1])
        return dict.fromkeys(uids, "")
    middle = len(uids) // 2
    items = _fetch_accepted_items(client, advertiser_uid, uids[:middle], refusals)
    return items | _fetch_accepted_items(client, advertiser_uid, uids[middle:], refusals)
