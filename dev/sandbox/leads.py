"""Leads: made from answers, written as TikTok's webhook writes them, and sent out."""

import json

from dev.sandbox import outbox, people
from dev.sandbox.records import NO_ID, Lead

DUMMY = "test lead: dummy data for {}"
MOST_PER_POST = 1000
SEVERAL_TEXT = ", "
CONSENT = "I agree that my answers are sent to the advertiser."


def submit(world, page_id, answers, *, region="", test="", when=None):
    """Take one filled-in form and send it to whom it concerns.

    :param str page_id: the form
    :param answers: key to value, or pairs
    :param str region: where the person is: "", ``eu`` or ``us``
    :param str test: "" for a real lead, ``preview`` for a try in Ads Manager
    :return: the lead
    :rtype: Lead
    """
    with world.lock:
        lead = make(world, page_id, answers, region=region, test=test, when=when)
        send(world, [lead])
    return lead


def make(world, page_id, answers, *, region="", test="", when=None):
    """Keep one lead without sending it.

    :rtype: Lead
    :raise KeyError: for a form that does not exist
    """
    form = world.forms[page_id]
    lead = Lead(
        lead_id=world.ids.uid(),
        page_id=page_id,
        advertiser_id=form.advertiser_id,
        library_id=form.library_id,
        answers=list(answers.items() if isinstance(answers, dict) else answers),
        create_time=world.now() if when is None else when,
        ad=None if test else pick_ad(world, page_id),
        region=region,
        test=test,
    )
    world.leads[lead.lead_id] = lead
    return lead


def make_many(world, page_id, count, *, region="", days=0):
    """Keep many invented leads, spread evenly over the last days.

    :param int count: how many
    :param float days: 0 for all of them now
    :return: the leads, oldest first
    :rtype: list[Lead]
    """
    form, now = world.forms[page_id], world.now()
    ads = [ad for ad in world.ads.values() if ad.page_id == page_id] or [None]
    step = days * 86400 / count if count else 0
    made = []
    for number in range(count):
        lead = Lead(
            lead_id=world.ids.uid(),
            page_id=page_id,
            advertiser_id=form.advertiser_id,
            library_id=form.library_id,
            answers=people.answers(form, len(world.leads)),
            create_time=now - step * (count - 1 - number),
            ad=ads[number % len(ads)],
            region=region,
        )
        world.leads[lead.lead_id] = lead
        made.append(lead)
    return made


def make_message(world, advertiser_id, answers):
    """Store a lead of a direct message: it has no form."""
    lead = Lead(
        lead_id=world.ids.uid(),
        page_id=NO_ID,
        advertiser_id=advertiser_id,
        answers=list(answers.items()),
        create_time=world.now(),
        lead_source="DIRECT_MESSAGE",
    )
    world.leads[lead.lead_id] = lead
    return lead


def pick_ad(world, page_id):
    """Return one of the ads that open a form, or None."""
    ads = [ad for ad in world.ads.values() if ad.page_id == page_id]
    return world.ids.random.choice(ads) if ads else None


def send(world, leads, *, per_post=MOST_PER_POST):
    """Plan the deliveries of some leads, to every subscription they concern.

    :param list leads: what to send
    :param int per_post: entries in one POST, 1 to 1,000
    :return: the deliveries
    :rtype: list[Delivery]
    :raise ValueError: if per_post is out of bounds
    """
    if not 1 <= per_post <= MOST_PER_POST:
        raise ValueError("TikTok sends 1 to 1,000 leads in one POST")
    planned = []
    for subscription in list(world.subscriptions.values()):
        concerned = [lead for lead in leads if concerns(world, subscription, lead)]
        _disorder(world, concerned)
        for start in range(0, len(concerned), per_post):
            batch = concerned[start : start + per_post]
            planned += [(subscription, batch)] * int(world.settings.lead_copies)
    _disorder(world, planned)
    return [_deliver(world, subscription, batch) for subscription, batch in planned]


def _disorder(world, items):
    if world.settings.lead_order == "shuffled":
        world.ids.random.shuffle(items)


def _deliver(world, subscription, batch):
    app = world.business_apps.get(subscription.app_id)
    label = batch[0].lead_id if len(batch) == 1 else f"{len(batch)} leads"
    return outbox.plan(
        world,
        kind="lead",
        url=subscription.callback_url,
        body=body(world, batch),
        secret=app.secret if app else "",
        label=f"Lead {label}" if len(batch) == 1 else label,
        subscription_id=subscription.subscription_id,
    )


def concerns(world, subscription, lead):
    """Tell whether a lead goes to a subscription; a dead token ends it without a word."""
    detail = subscription.detail
    if subscription.entity != "LEAD" or not alive(world, subscription):
        return False
    if lead.lead_source != detail.get("lead_source", "INSTANT_FORM"):
        return False
    if detail.get("page_id") and detail["page_id"] != lead.page_id:
        return False
    if lead.region and world.settings.lead_regions == "rest_of_world":
        return False
    return same_owner(detail, lead)


def same_owner(detail, lead):
    """Tell whether a lead or form belongs to whom a subscription names."""
    if lead.library_id != NO_ID:
        return detail.get("library_id") == lead.library_id
    return detail.get("advertiser_id") == lead.advertiser_id


def alive(world, subscription):
    """Tell whether a subscription still delivers."""
    if subscription.source == "leads_center":
        return True
    token = world.business_tokens.get(subscription.detail.get("access_token"))
    return bool(token) and not token.revoked and not token.expired


def body(world, leads):
    """Write the body of one POST.

    :rtype: bytes
    """
    settings, now = world.settings, int(world.now())
    payload = {"object": 1, "entry": [entry(world, lead) for lead in leads], "time": now}
    if settings.lead_request_id != "missing":
        uid = world.ids.uid()
        number = settings.lead_request_id == "number"
        payload["request_id"] = int(uid) if number else world.ids.log_id(now)
    return dump(world, payload)


def dump(world, payload):
    """Write JSON as the lead webhook does, with or without escapes."""
    escaped = world.settings.lead_body == "escaped"
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=escaped).encode()


def entry(world, lead):
    """Write one lead as an item of ``entry``.

    :rtype: dict
    """
    number = int if world.settings.lead_ids == "number" else str
    form = world.forms.get(lead.page_id)
    title = form.title if form and world.settings.lead_page_name == "filled" else ""
    advertiser = world.advertisers[lead.advertiser_id]
    return {
        "id": number(lead.lead_id),
        "lead_source": lead.lead_source,
        "page_id": number(lead.page_id),
        "page_name": title,
        "advertiser_id": number(lead.advertiser_id),
        "advertiser_name": advertiser.name,
        "library_id": number(lead.library_id),
        **attribution(lead, number),
        "create_time": int(lead.create_time),
        "changes": changes(world, lead),
    }


def attribution(lead, number=str):
    """Return ids and names of campaign, ad group and ad.

    :param number: how ids are written
    :rtype: dict
    """
    found = {}
    for level in ("campaign", "adgroup", "ad"):
        uid, name = f"{level}_id", f"{level}_name"
        if lead.test:
            found |= {uid: number(NO_ID), name: DUMMY.format(name)}
        else:
            found[uid] = number(getattr(lead.ad, uid, NO_ID))
            found[name] = getattr(lead.ad, name, "")
    return found


def changes(world, lead):
    """Return the answers as ``changes``: field and value."""
    items, form = [], world.forms.get(lead.page_id)
    by_label = form and world.settings.lead_keys == "labels"
    for key, value in named(world.settings.lead_name, lead.answers):
        name = form.label(key) if by_label else key
        items += [{"field": name, "value": one} for one in _values(world, value)]
    if form and world.settings.lead_consent == "yes":
        items.append({"field": CONSENT, "value": "Yes"})
    return items


def _values(world, value):
    if not isinstance(value, list | tuple):
        return [value]
    several = world.settings.lead_several
    if several == "repeated":
        return list(value)
    if several == "list":
        return [list(value)]
    return [json.dumps(value, ensure_ascii=False) if several == "json" else text_of(value)]


def text_of(value):
    """Return an answer as one text."""
    return SEVERAL_TEXT.join(value) if isinstance(value, list | tuple) else str(value)


def named(way, answers):
    """Return the answers with the name in one piece or in two.

    :param str way: the switch ``lead_name``
    :param list answers: (key, value)
    """
    known = dict(answers)
    if way == "name" and "first_name" in known:
        full = f"{known['first_name']} {known.get('last_name', '')}".strip()
        rest = [pair for pair in answers if pair[0] not in ("first_name", "last_name")]
        return [("name", full), *rest]
    if way == "first_last" and "name" in known:
        first, _, last = str(known["name"]).partition(" ")
        rest = [pair for pair in answers if pair[0] != "name"]
        return [("first_name", first), ("last_name", last), *rest]
    return answers
