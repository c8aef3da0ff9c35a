"""Control of the API for Business: apps, accounts, forms, leads."""

import dataclasses
import datetime

from dev.sandbox import leads, outbox, seed, spend
from dev.sandbox.business import ads as ads_api
from dev.sandbox.business import audience, crm, oauth, subscriptions
from dev.sandbox.records import (
    Advertiser,
    BusinessApp,
    BusinessToken,
    Form,
    Library,
    Question,
    Subscription,
)


def lead_row(lead):
    """Return a lead as JSON can say it.

    :rtype: dict
    """
    return {
        "lead_id": lead.lead_id,
        "page_id": lead.page_id,
        "advertiser_id": lead.advertiser_id,
        "answers": lead.answers,
        "create_time": lead.create_time,
        "region": lead.region,
        "test": lead.test,
    }


class BusinessControl:
    """Apps, accounts, forms, leads."""

    def describe_business(self):
        """Return apps, ad accounts, libraries, forms and ads."""
        state = self.world
        names = ("business_apps", "advertisers", "libraries", "forms", "ads")
        return {
            name: [dataclasses.asdict(each) for each in getattr(state, name).values()]
            for name in names
        }

    def create_business_app(self, name="Test app", redirect_uris=(), permissions=None):
        """Make an app; return it."""
        ids = self.world.ids
        allowed = list(seed.PERMISSIONS) if permissions is None else list(permissions)
        secret = ids.token("fake-business-secret-", 20)
        app = BusinessApp(ids.uid(), secret, name, list(redirect_uris), allowed)
        self.world.business_apps[app.app_id] = app
        return dataclasses.asdict(app)

    def set_redirect_uris(self, app, redirect_uris):
        """Register the redirect URIs of an app of either platform."""
        state = self.world
        found = state.business_apps.get(app) or state.developer_apps[app]
        found.redirect_uris = list(redirect_uris)

    def create_advertiser(
        self, name="Test account", currency="EUR", role="ADMIN", timezone="Etc/UTC"
    ):
        """Make an ad account; return it."""
        account = Advertiser(self.world.ids.uid(), name, currency, role, timezone)
        self.world.advertisers[account.advertiser_id] = account
        return dataclasses.asdict(account)

    def set_role(self, advertiser_id, role):
        """Say what the authorising person is in an ad account: ADMIN, OPERATOR, ANALYST."""
        self.world.advertisers[advertiser_id].role = role

    def set_account_status(self, advertiser_id, status):
        """Suspend an ad account (STATUS_LIMIT), or enable it again (STATUS_ENABLE)."""
        self.world.advertisers[advertiser_id].status = status

    def set_ad(self, ad_id, **values):
        """Change an ad: ``deleted``, ``started``, ``ended``."""
        for name, value in values.items():
            if name not in ("deleted", "started", "ended"):
                raise KeyError(name)
            setattr(self.world.ads[ad_id], name, value)

    def set_spend(self, ad_id, day, cents):
        """Change what an ad cost on a day in the end, in hundredths."""
        self.world.spend_changes[self.world.ads[ad_id].ad_id, day] = cents

    def final_spend(self, advertiser_id, first, last):
        """Return the final spend of each ad and day (``YYYY-MM-DD``), in hundredths."""
        days = [datetime.date.fromisoformat(each) for each in (first, last)]
        return spend.list_final_spend(self.world, advertiser_id, *days)

    def create_library(self, advertiser_id, name="Test library"):
        """Make a form library; return it."""
        ids = self.world.ids
        library = Library(ids.uid(), name, advertiser_id, ids.uid(), self.world.now())
        self.world.libraries[library.library_id] = library
        return dataclasses.asdict(library)

    def create_form(
        self, advertiser_id, questions=None, title="Test form", language="en", library_id="0",
        status="PUBLISHED",
    ):  # fmt: skip
        """Make a form; questions are dicts of :class:`Question`'s fields. Return it."""
        asked = [Question(**question) for question in questions or DEFAULT_QUESTIONS]
        now = self.world.now()
        form = Form(
            self.world.ids.uid(), title, self.world.advertisers[advertiser_id].advertiser_id,
            asked, language, "", library_id, status, now, now, now,
        )  # fmt: skip
        self.world.forms[form.page_id] = form
        return dataclasses.asdict(form)

    def create_ads(self, page_id, campaign="Test campaign", groups=("Group",), ads=("Ad",)):
        """Advertise a form; return the ads that open it."""
        form = self.world.forms[page_id]
        seed.add_ads(self.world, form, (campaign, groups, ads))
        own = [ad for ad in self.world.ads.values() if ad.page_id == page_id]
        return [dataclasses.asdict(ad) for ad in own]

    def show_post_in_ad(self, ad_id, item_id):
        """Have an ad show a post or video, as a Spark Ad does; "" for none."""
        ads_api.show(self.world, ad_id, item_id)

    def grant_business_token(self, app_id, advertiser_ids, scope=None):
        """Make an access token without a browser."""
        return oauth.grant(self.world, app_id, advertiser_ids, scope).token

    def revoke_business_token(self, token):
        """Do what the advertiser does when cancelling an authorisation."""
        self.world.business_tokens[token].revoked = True

    def expire_business_token(self, token):
        """Let a token be answered with "expired"."""
        self.world.business_tokens[token].expired = True

    def paste_webhook(self, callback_url, advertiser_id=None, app_id="", page_id="", library_id=""):
        """Paste a webhook URL in Leads Center; return the subscription's id."""
        detail = {"lead_source": "INSTANT_FORM", "page_id": page_id}
        if library_id:
            detail["library_id"] = self.world.libraries[library_id].library_id
        else:
            detail["advertiser_id"] = self.world.advertisers[advertiser_id].advertiser_id
        return paste(self.world, callback_url, detail, app_id).subscription_id

    def business_tokens(self):
        """Return the tokens that were given, oldest first."""
        return [dataclasses.asdict(each) for each in self.world.business_tokens.values()]

    def subscriptions(self):
        """Return the subscriptions of all programs, oldest first."""
        return [dataclasses.asdict(each) for each in self.world.subscriptions.values()]

    def subscribe_other_program(self, callback_url, advertiser_id, app_id=""):
        """Subscribe with the app, as another program of the user's would."""
        app_id = app_id or next(iter(self.world.business_apps))
        detail = {
            "access_token": oauth.grant(self.world, app_id, [advertiser_id]).token,
            "advertiser_id": advertiser_id,
            "lead_source": "INSTANT_FORM",
        }
        new = Subscription(self.world.ids.uid(), app_id, "LEAD", callback_url, detail)
        self.world.subscriptions[new.subscription_id] = new
        return new.subscription_id

    def remove_webhook(self, subscription_id):
        """Delete a subscription of any program."""
        del self.world.subscriptions[subscription_id]

    def submit_lead(self, page_id, answers, region="", test="", when=None, send=True):
        """Submit one filled-in form; return the lead."""
        lead = leads.make(self.world, page_id, answers, region=region, test=test, when=when)
        if send:
            leads.send(self.world, [lead])
        return lead_row(lead)

    def submit_leads(self, page_id, count, per_post=1, region="", days=0, send=True):
        """Submit many invented leads; return their ids."""
        made = leads.make_many(self.world, page_id, count, region=region, days=days)
        if send:
            leads.send(self.world, made, per_post=per_post)
        return [lead.lead_id for lead in made]

    def seed_leads(self, page_id, count, region="", days=0):
        """Store many invented leads and send no webhook; return how many there are."""
        leads.make_many(self.world, page_id, count, region=region, days=days)
        return len(self.world.leads)

    def submit_message_lead(self, advertiser_id, answers):
        """Submit a lead of a direct message; return it."""
        lead = leads.make_message(self.world, advertiser_id, answers)
        leads.send(self.world, [lead])
        return lead_row(lead)

    def send_leads(self, lead_ids, per_post=1000):
        """Send leads that exist, again or for the first time; return the deliveries' ids."""
        found = [self.world.leads[lead_id] for lead_id in lead_ids]
        sent = leads.send(self.world, found, per_post=per_post)
        return [delivery.delivery_id for delivery in sent]

    def send_body(self, callback_url, payload, app_id=""):
        """Post any JSON to an address, signed as a lead webhook: other objects, other shapes."""
        app = self.world.business_apps.get(app_id)
        return outbox.plan(
            self.world,
            kind="lead",
            url=callback_url,
            body=leads.dump(self.world, payload),
            secret=app.secret if app else "",
            label="Another body",
        ).delivery_id

    def leads(self, page_id=None, limit=None):
        """Return leads, newest first."""
        found = [
            lead_row(lead)
            for lead in reversed(self.world.leads.values())
            if page_id in (None, lead.page_id)
        ]
        return found[:limit]

    def lead_count(self):
        """Return how many leads there are."""
        return len(self.world.leads)

    def create_event_set(self, advertiser_id, name="CRM", source="crm", event_set_id=""):
        """Make an event set, if wanted with a given number; return it."""
        return crm.add_set(self.world, advertiser_id, name, source, event_set_id)

    def grant_event_token(self, event_set_id):
        """Make the token that Events Manager gives for a CRM event set."""
        event_set, ids = self.world.event_sets[event_set_id], self.world.ids
        value, account = ids.token("fakeeventtoken"), event_set["advertiser_id"]
        token = BusinessToken(value, "", [account], [41], event_set_id=event_set_id)
        self.world.business_tokens[token.token] = token
        return token.token

    def crm_events(self):
        """Return the events that were taken; ``copies`` says how often each was received."""
        return self.world.events

    def audiences(self):
        """Return the audiences, their members as a number."""
        return [audience.describe(self.world, each) for each in self.world.audiences.values()]

    def audience_members(self, audience_id):
        """Return the lines of an audience's members."""
        return sorted(self.world.audiences[audience_id]["members"])


DEFAULT_QUESTIONS = (
    {"key": "name", "label": "Name"},
    {"key": "email", "label": "Email", "kind": "email", "required": False},
    {"key": "phone_number", "label": "Phone number", "kind": "tel"},
    {"key": "What is your budget?", "label": "What is your budget?", "required": False},
)


def paste(world, callback_url, detail, app_id=""):
    """Register a webhook as Leads Center does.

    :raise ValueError: if the address is refused, or there is no such box
    """
    if world.settings.leads_center_paste == "no":
        raise ValueError("Leads Center has no box for a webhook URL in this set-up.")
    problem = subscriptions.callback_error(world, callback_url)
    if problem:
        raise ValueError(problem)
    form = world.forms.get(detail.get("page_id"))
    if form and not leads.same_owner(detail, form):
        raise ValueError("This form belongs to another ad account or library.")
    if app_id and app_id not in world.business_apps:
        raise KeyError(app_id)
    new = Subscription(world.ids.uid(), app_id, "LEAD", callback_url, detail, "leads_center")
    world.subscriptions[new.subscription_id] = new
    return new
