"""The world of the demo: the same for the same seed, and obviously invented."""

from dev.sandbox.forms_seed import FORMS
from dev.sandbox.records import (
    Ad,
    Advertiser,
    BusinessApp,
    Creator,
    DeveloperApp,
    Form,
    Library,
    Video,
)

DAY = 86400
PERMISSIONS = {
    4: "Ad Account Management > Ad Account Information",
    15: "Reporting > Read",
    21: "Lead Management > Leads Retrieval",
    22: "Lead Management > Test Leads",
    31: "Creative Management > Instant Page Management",
    41: "Measurement > Report Conversion Event",
    42: "CRM Event Management > Read / Create-Manage",
    51: "Audience Management > Read / Create-Manage",
}
SCOPES = (
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.list",
    "video.upload",
    "video.publish",
)
ADVERTISERS = (
    ("Oasis Furniture — Gulf", "AED", "Asia/Dubai"),
    ("Oasis Furniture — Europe", "EUR", "Europe/Berlin"),
)
CAMPAIGNS = (
    (
        "Spring living room",
        ("Home lovers 25-45", "Lookalike buyers"),
        ("Sofa tour", "Before / after"),
    ),
    (
        "Free showroom visit",
        ("Dubai and Sharjah",),
        ("Walk with the designer", "Coffee table test"),
    ),
)
CREATORS = (
    ("oasis.furniture", "Oasis Furniture", False, "Sofas, tables and good light. Dubai."),
    ("oasis.workshop", "Oasis Workshop", True, "How it is made. Private tests."),
)
VIDEOS = (
    "Three sofas for a small room #home",
    "غرفة معيشة كاملة في عشر دقائق",
    "How we test a table: 40 kg, 10,000 times",
    "Диван-кровать: как выбрать?",
    "Showroom tour 🛋️ come and sit down",
    "Before and after: a rented flat",
    "Which wood for a sunny room?",
)


def fill(world):
    """Fill an empty world with the demo's apps, accounts, forms, ads and videos."""
    _business_app(world)
    advertisers = [_advertiser(world, *each) for each in ADVERTISERS]
    _library(world, advertisers[1])
    _forms(world, advertisers)
    _developer_app(world)
    for creator in CREATORS:
        _creator(world, *creator)


def _business_app(world):
    app = BusinessApp(
        app_id=world.ids.uid(),
        secret=world.ids.token("fake-business-secret-", 20),
        name="Demo Business app",
        redirect_uris=[],
        permissions=list(PERMISSIONS),
    )
    world.business_apps[app.app_id] = app


def _advertiser(world, name, currency, timezone):
    advertiser = Advertiser(world.ids.uid(), name, currency, timezone=timezone)
    world.advertisers[advertiser.advertiser_id] = advertiser
    return advertiser


def _library(world, advertiser):
    library = Library(
        library_id=world.ids.uid(),
        name="Oasis form library",
        advertiser_id=advertiser.advertiser_id,
        bc_id=world.ids.uid(),
        create_time=world.now() - 90 * DAY,
    )
    world.libraries[library.library_id] = library


def _forms(world, advertisers):
    now, libraries = world.now(), list(world.libraries.values())
    for position, blank in enumerate(FORMS):
        owner = advertisers[blank.get("advertiser", 0)]
        form = Form(
            page_id=world.ids.uid(),
            title=blank["title"],
            advertiser_id=owner.advertiser_id,
            questions=blank["questions"](),
            language=blank["language"],
            intro=blank["intro"],
            library_id=libraries[0].library_id if blank.get("library") else "0",
            create_time=now - (60 - position) * DAY,
            update_time=now - (30 - position) * DAY,
            publish_time=now - (30 - position) * DAY,
        )
        world.forms[form.page_id] = form
        add_ads(world, form, CAMPAIGNS[position % len(CAMPAIGNS)])


def add_ads(world, form, campaign):
    """Advertise a form: one campaign with its ad groups and their ads.

    :param Form form: what the ads open
    :param tuple campaign: its name, its ad groups' names, its ads' names
    """
    name, groups, ads = campaign
    campaign_id = world.ids.uid()
    for group in groups:
        adgroup_id = world.ids.uid()
        for ad_name in ads:
            ad = Ad(
                ad_id=world.ids.uid(),
                ad_name=ad_name,
                adgroup_id=adgroup_id,
                adgroup_name=group,
                campaign_id=campaign_id,
                campaign_name=name,
                advertiser_id=form.advertiser_id,
                page_id=form.page_id,
            )
            world.ads[ad.ad_id] = ad


def _developer_app(world):
    app = DeveloperApp(
        client_key=world.ids.token("sbfakeclientkey", 5).lower(),
        client_secret=world.ids.token("fake-client-secret-", 20),
        name="Demo Developer app",
        redirect_uris=[],
        scopes=list(SCOPES),
    )
    world.developer_apps[app.client_key] = app


def _creator(world, username, display_name, private, bio):
    random = world.ids.random
    creator = Creator(
        username=username,
        display_name=display_name,
        union_id=world.ids.open_id(),
        bio=bio,
        private=private,
        verified=not private,
        followers=random.randrange(900, 90_000),
        following=random.randrange(20, 400),
        likes=random.randrange(9_000, 900_000),
    )
    world.creators[username] = creator
    for position, title in enumerate(VIDEOS if not private else VIDEOS[:2]):
        add_video(world, username, title, world.now() - (position + 1) * 3 * DAY)


def add_video(world, username, title, when, public=True, video_id=None):
    """Put a video on a creator's account.

    :param float when: when it was posted
    :rtype: Video
    """
    random = world.ids.random
    video = Video(
        video_id=video_id or world.ids.uid(),
        username=username,
        title=title,
        create_time=int(when),
        duration=random.randrange(8, 60),
        likes=random.randrange(50, 9_000),
        comments=random.randrange(5, 400),
        shares=random.randrange(2, 300),
        views=random.randrange(2_000, 200_000),
        public=public,
    )
    world.videos[video.video_id] = video
    return video
