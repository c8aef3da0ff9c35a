"""The records of a world. Ids are text, times are seconds since 1970 unless said otherwise."""

from dataclasses import dataclass, field

NO_ID = "0"  # what TikTok writes where there is no library or no campaign


@dataclass
class BusinessApp:
    """An app of the API for Business."""

    app_id: str
    secret: str
    name: str
    redirect_uris: list
    permissions: list


@dataclass
class Advertiser:
    """An ad account; ``role`` is what the person who authorises apps is in it."""

    advertiser_id: str
    name: str
    currency: str = "EUR"
    role: str = "ADMIN"
    timezone: str = "Etc/UTC"
    status: str = "STATUS_ENABLE"


@dataclass
class Library:
    """A form library of a Business Center."""

    library_id: str
    name: str
    advertiser_id: str
    bc_id: str
    create_time: float


@dataclass
class Ad:
    """An ad with the names of what it is in.

    ``page_id`` is the form it opens, ``tiktok_item_id`` the post or video that it shows, if any.
    It costs money from ``started`` to ``ended``, seconds since 1970, 0 for no end.
    """

    ad_id: str
    ad_name: str
    adgroup_id: str
    adgroup_name: str
    campaign_id: str
    campaign_name: str
    advertiser_id: str
    page_id: str
    tiktok_item_id: str = ""
    deleted: bool = False
    started: float = 0
    ended: float = 0


@dataclass
class Question:
    """A question of a form.

    ``key`` is what the webhook says (a custom question's is its text), ``label`` what people and
    the CSV read; ``kind`` is text, email, tel, textarea, choice or choices.
    """

    key: str
    label: str
    kind: str = "text"
    options: list = field(default_factory=list)
    required: bool = True


@dataclass
class Form:
    """An Instant Form, TikTok's "page"."""

    page_id: str
    title: str
    advertiser_id: str
    questions: list
    language: str = "en"
    intro: str = ""
    library_id: str = NO_ID
    status: str = "PUBLISHED"
    create_time: float = 0
    update_time: float = 0
    publish_time: float = 0

    def label(self, key):
        """Return the label of an answer's key."""
        return next((q.label for q in self.questions if q.key == key), key)


@dataclass(slots=True)
class Lead:
    """A submitted form; ``answers`` are (key, value), value a text or a list of texts."""

    lead_id: str
    page_id: str
    advertiser_id: str
    answers: list
    create_time: float
    ad: Ad | None = None
    library_id: str = NO_ID
    region: str = ""
    test: str = ""
    lead_source: str = "INSTANT_FORM"


@dataclass
class AuthCode:
    """A code that was given to a redirect URI."""

    code: str
    app: str
    redirect_uri: str
    expires: float
    grant: dict
    used: bool = False


@dataclass
class BusinessToken:
    """An access token of the API for Business: no end but revocation.

    ``event_set_id`` marks one that Events Manager made for a CRM event set.
    """

    token: str
    app_id: str
    advertiser_ids: list
    scope: list
    revoked: bool = False
    expired: bool = False
    event_set_id: str = ""


@dataclass
class Subscription:
    """Where leads go: made through the API, or pasted in Leads Center (then without a token)."""

    subscription_id: str
    app_id: str
    entity: str
    callback_url: str
    detail: dict
    source: str = "api"


@dataclass
class ExportTask:
    """An export of leads."""

    task_id: str
    app_id: str
    owner: str
    page_id: str
    ad_id: str
    region: str
    status: str = "CREATED"
    polls: int = 0
    file_name: str = ""
    content: bytes = b""
    made_at: float = 0


@dataclass
class ReportTask:
    """A report that becomes a file."""

    task_id: str
    app_id: str
    advertiser_id: str
    made_at: float
    status: str = "QUEUING"
    polls: int = 0
    content: str = ""


@dataclass
class DeveloperApp:
    """An app of TikTok for Developers; ``pkce`` is hex, required, base64url, either or ignored.

    With ``target_users`` it is in TikTok's own sandbox: no one else can log in.
    """

    client_key: str
    client_secret: str
    name: str
    redirect_uris: list
    scopes: list
    platform: str = "web"
    pkce: str = "hex"
    audited: bool = False
    webhook_url: str = ""
    target_users: tuple = ()
    properties: list = field(default_factory=list)


@dataclass
class UrlProperty:
    """A domain or URL prefix that an app says is its own."""

    kind: str
    value: str
    token: str
    verified: bool = False


@dataclass
class DeveloperToken:
    """An access token with its refresh token."""

    access: str
    refresh: str
    client_key: str
    username: str
    scopes: list
    access_expires: float
    refresh_expires: float
    dead: bool = False


@dataclass
class Creator:
    """A TikTok account."""

    username: str
    display_name: str
    union_id: str
    bio: str = ""
    private: bool = False
    verified: bool = False
    followers: int = 0
    following: int = 0
    likes: int = 0
    comment_disabled: bool = False
    banned: bool = False
    spam: str = ""
    old_app: bool = False
    open_ids: dict = field(default_factory=dict)


@dataclass
class Video:
    """A video of a creator."""

    video_id: str
    username: str
    title: str
    create_time: float
    duration: int = 15
    width: int = 1080
    height: int = 1920
    likes: int = 0
    comments: int = 0
    shares: int = 0
    views: int = 0
    public: bool = True


@dataclass
class Post:
    """One publish_id from init to the feed."""

    publish_id: str
    client_key: str
    username: str
    media: str
    mode: str
    info: dict
    source: dict
    created: float
    status: str = "PROCESSING_DOWNLOAD"
    fail_reason: str = ""
    explanation: str = ""
    post_id: str = ""
    public: bool = False
    removed: bool = False
    pictures: list = field(default_factory=list)
    uploaded: int = 0
    downloaded: int = 0
    first_bytes: bytes = b""
    upload_token: str = ""


@dataclass
class Attempt:
    """One try to deliver a webhook; ``status`` is 0 when no answer came."""

    at: float
    status: int
    answer: str
    milliseconds: int
    headers: dict = field(default_factory=dict)


@dataclass
class Delivery:
    """One webhook body on its way to one address."""

    delivery_id: str
    kind: str
    url: str
    body: bytes
    secret: str
    label: str
    created: float
    state: str = "waiting"
    due: float = 0
    attempts: list = field(default_factory=list)
    signed_at: int = 0
    subscription_id: str = ""
