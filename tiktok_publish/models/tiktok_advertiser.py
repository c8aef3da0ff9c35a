import logging

from odoo import models
from odoo.tools import split_every

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.tiktok.business import BusinessClient
from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError, WrongRequestError

from ..tiktok import ad

_logger = logging.getLogger(__name__)


class TiktokAdvertiser(models.Model):
    """Which posts and videos the ads show that brought leads.

    Few apps may read ads, and nothing else needs it: whatever TikTok answers here, the ad account
    is as well as before.
    """

    _inherit = "tiktok.advertiser"

    def _sync_all(self):
        problem = super()._sync_all()
        if self.exists() and self.state == "connected":
            self._find_shown()
        return problem

    def _find_shown(self):
        """Learn what the ads show that brought leads, and note them on those posts and videos."""
        self.ensure_one()
        origins = self.env["tiktok.origin"]
        ads = origins._unread_ads(self)
        ads._keep_items(self._ask_ads(ads.mapped("uid")))
        known = origins._shown_items(self.company_id)
        self.env["tiktok.ad.mixin"]._link_ads(self.company_id, known)

    def _ask_ads(self, uids):
        """Ask TikTok what some ads show, as long as it answers.

        :param list uids: of ads, as TikTok gives them
        :return: TikTok's id of the post or video, empty for none, by id of each ad it was asked of
        :rtype: dict[str, str]
        """
        items, advertiser_uid = {}, self.advertiser_uid
        try:
            client = self._ads_client()
            self._save_in_job()
            for some in split_every(ad.MOST, uids, list):
                items |= _items(client, advertiser_uid, some)
        except TiktokError as error:
            _logger.info("TikTok ad account %s: ads not read, %s", self.id, error.code)
        return items

    def _ads_client(self):
        """Return what reads ads; a token that only this call finds dead is not taken for dead.

        :rtype: BusinessClient
        :raise SealError: if the encryption key is missing or another one
        """
        token = self.sudo().business_token_id
        return BusinessClient(settings.base_url("TIKTOK_BUSINESS_API_BASE_URL"), token._open())


def _items(client, advertiser_uid, uids):
    """Return what ads show; ads that TikTok will never tell of keep no others back."""
    try:
        return ad.items(client, advertiser_uid, uids)
    except WrongRequestError as error:
        _logger.info("TikTok ad account %s: %s ads, %s", advertiser_uid, len(uids), error.code)
        return dict.fromkeys(uids, "")
