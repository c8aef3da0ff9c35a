from odoo import api, models
from odoo.exceptions import UserError

from ..tiktok import client
from ..tiktok.errors import TiktokError
from ..tiktok.subscription import Subscription


class TiktokAdvertiser(models.Model):
    """What a person asks of TikTok for some ad accounts at once.

    TikTok keeps what it did for one of them, whatever becomes of the next: Odoo must keep it too.
    """

    _inherit = "tiktok.advertiser"

    # === ACTION METHODS === #

    def action_subscribe(self):
        """Have TikTok send the leads here, and take away what is ours and double."""
        done = self.env._("TikTok sends the leads here from now on.")
        return self._ask_each(type(self)._subscribe_some, done)

    def action_unsubscribe(self):
        """Have TikTok send the leads here no more; what others subscribed stays."""
        done = self.env._("TikTok sends these leads here no more.")
        return self._ask_each(type(self)._unsubscribe, done, "warning")

    def action_look(self):
        """Ask TikTok which subscriptions there are."""
        return self._ask_each(type(self)._subscriptions, self.env._("This is what TikTok has."))

    # === ONE AFTER THE OTHER === #

    def _ask_each(self, work, done, kind="success"):
        """Do something with each, in the time of one request; say what failed as sentences.

        :param work: a method; returns what it lacks if only some of it worked
        :param str done: what to say if all worked
        :param str kind: of that notification
        :raise UserError: if nothing worked
        """
        self.check_access("write")
        with client.within():
            results = {each: each._ask_alone(work) for each in self.sudo()}
        lacks = {each: lack for each, (_worked, lack) in results.items() if lack}
        if not lacks:
            return self._notify(done, kind)
        many = len(self) > 1
        words = "\n".join(f"{each.name}: {lack}" if many else lack for each, lack in lacks.items())
        if not any(worked for worked, _lack in results.values()):
            raise UserError(words)
        return self._notify_lack(words)

    def _ask_alone(self, work):
        """Do something with one; if all of it fails, Odoo is as it was.

        :return: whether anything worked, and the sentence that says what did not
        :rtype: tuple[bool, str]
        """
        if client.seconds_left(1) < 1:
            return False, self.env._(
                "There was no time left to ask TikTok about it. Press the button again."
            )
        try:
            with self.env.cr.savepoint():
                return True, work(self) or ""
        except (TiktokError, UserError) as error:
            return False, self._explain(error)

    def _subscribe_some(self):
        """Subscribe it as far as TikTok lets us.

        :return: the weightiest of what keeps leads away, as a sentence
        :rtype: str
        :raise TiktokError: if it surely sends none of the leads here
        """
        for about, error in self._subscribe_all().items():
            if not self.is_unconfirmed and "ours" not in self.subscription_ids.mapped("kind"):
                raise error
            target = about.target if isinstance(about, Subscription) else about
            return f"{self._describe_target(target)}: {self._explain(error)}"
        if not self._targets():
            return self.env._(
                "No form is chosen, so TikTok sends nothing here. Tick “Receive leads” for the "
                "forms you want."
            )
        return ""

    def _describe_target(self, target):
        values = {
            "lead_source": target.source,
            "library_uid": target.library_uid,
            "page_uid": target.page_uid,
        }
        return self.env["tiktok.subscription"].new(values).about

    # === NOTIFICATIONS === #

    @api.model
    def _notify(self, message, kind="success"):
        return self.env["tiktok.account"]._notify(message, kind)

    @api.model
    def _notify_lack(self, words):
        """Say what did not work, until somebody has read it."""
        message = self.env._(
            "TikTok did not do all of it. Mend what is named here, then press the button again. %s",
            words,
        )
        action = self._notify(message, "warning")
        action["params"]["sticky"] = True
        return action
