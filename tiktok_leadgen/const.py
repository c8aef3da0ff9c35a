"""Everything literal of the addon, once."""

API_PREFIX = "/api/integrations/"  # of all routes here
# Routes, each also without its last slash.
LEAD_WEBHOOK_ROUTE = "/api/integrations/webhooks/tiktok-leadgen/"
REDACTED_ROUTE = "/tiktok_leadgen/delivery/redacted"  # and the number of a delivery
HEALTH_ROUTE = "/api/integrations/tiktok/health/"
LEADGEN_CONFIG_ROUTE = "/api/integrations/accounts/tiktok-leadgen-config/"

# A thousand leads with thirty answers each are about 3 MiB.
MAX_WEBHOOK_BYTES = 8 * 1024 * 1024
# An event of the developer platform has a few hundred bytes.
MAX_DEVELOPER_WEBHOOK_BYTES = 64 * 1024

OAUTH_CALLBACK_ROUTE = "/api/integrations/accounts/oauth/callback/tiktok/"
OAUTH_CONFIRM_ROUTE = "/api/integrations/accounts/oauth/confirm/tiktok/"
BUSINESS_CALLBACK_ROUTE = "/api/integrations/accounts/oauth/callback/tiktok-business/"
BUSINESS_CONFIRM_ROUTE = "/api/integrations/accounts/oauth/confirm/tiktok-business/"
DEVELOPER_WEBHOOK_ROUTE = "/api/integrations/webhooks/tiktok/"
ACCOUNTS_ROUTE = "/api/integrations/accounts/"
OAUTH_ROUTES = "/api/integrations/accounts/oauth/"
API_PAGE = 100
API_LARGEST_PAGE = 500
API_RETRY_SECONDS = 60  # where TikTok does not say how long to wait

# TikTok's own addresses; the environment can name others, the UI never.
BASE_URLS = {
    "TIKTOK_WEB_BASE_URL": "https://www.tiktok.com",
    "TIKTOK_OPEN_API_BASE_URL": "https://open.tiktokapis.com",
    "TIKTOK_BUSINESS_API_BASE_URL": "https://business-api.tiktok.com/open_api/v1.3",
    "TIKTOK_BUSINESS_PORTAL_BASE_URL": "https://business-api.tiktok.com",
}
ACCOUNT_COUNTS = ("follower_count", "following_count", "likes_count", "video_count")
REFRESH_MARGIN_SECONDS = 900
REFRESH_CRON_XMLID = "tiktok_leadgen.ir_cron_refresh_tokens"
SYNC_CRON_XMLID = "tiktok_leadgen.ir_cron_sync_accounts"
ADS_CRON_XMLID = "tiktok_leadgen.ir_cron_sync_advertisers"
SYNC_HOURS = 20  # less than a day: the scheduled action runs daily, never to the second
SYNC_RETRY_MINUTES = 10

# Unverified deliveries are quarantined for a person to decide, within these bounds. Each company
# has a quota for each hint at a sender: so many rows and bytes in an hour, and in total.
QUARANTINE_HOURS = 1
QUARANTINE_ROWS = 1_000
QUARANTINE_BYTES = 16 * 1024 * 1024
QUARANTINE_QUOTAS = {
    "former_token": (20_000, 64 * 1024 * 1024),
    "known_source": (10_000, 32 * 1024 * 1024),
    "unknown": (5_000, 32 * 1024 * 1024),
}
QUARANTINE_DAYS = 14
FORMER_TOKENS = 5  # how many replaced tokens of a company are recognized
RETRY_AFTER_SECONDS = 900
DATABASE_RETRY_SECONDS = 30  # what a caller is told to wait while there is no database
UNVERIFIED_RAW_CHARS = 64 * 1024  # of an unverified body that can't be read

# Processing.
CRON_XMLID = "tiktok_leadgen.ir_cron_process_events"
BATCH_SIZE = 200
# What files deliver comes after what arrives. So many of its rows wait at most: several workers
# make leads of them, and few are on their way when an import is cancelled.
FILE_SOURCES = ("backfill", "import")
FILE_ROWS_AHEAD = 1_000
# More than a batch of the job: while one worker processes a batch, others have rows.
FILE_BATCH_SIZE = 500  # rows that are stored together
MAX_ATTEMPTS = 8
MAX_INTERRUPTED_ATTEMPTS = 3  # by kill -9, Odoo's time limit or lack of memory
FIRST_RETRY_SECONDS = 60
LONGEST_RETRY_SECONDS = 6 * 3600
# One process wakes the scheduler at most this often; a run of the job looks for work at least so
# long after it began, and so finds what came after the wake-up it answers.
WAKE_SECONDS = 1
LINGER_SECONDS = 1.3
NAP_SECONDS = 0.1  # between two looks of such a run
# What a worker that has sent an answer does itself: so many leads, begun within so much time. Where
# a process answers more deliveries in a second, the job's batches are better.
AFTER_ANSWER_LEADS = 20  # where more wait, all are left to the job
AFTER_ANSWER_BATCH = 5
AFTER_ANSWER_MS = 500
AFTER_ANSWER_POSTS = 10
AFTER_ANSWER_LOCK_WAIT_MS = 200
AFTER_ANSWER_LOCK = 0x74696B746F6B  # the advisory lock of the worker that does so: "tiktok"
# A row that another transaction holds: no one waits long for it, but tries again later.
LOCK_WAIT_MS = 1_500
REQUEST_LOCK_WAIT_MS = 1_000
CONFLICT_SECONDS = 60  # until a scheduled action tries again what another transaction held
# How long all calls to TikTok about one record may take together, and which share of the time
# after which Odoo ends the process.
RECORD_SECONDS = 45
RECORD_SHARE = 0.4
TASK_SHARE = 0.75  # the same, of one that sends or fetches a large file
# Context of scheduled actions: their e-mails are left to the queue, whose server may hang.
QUEUED_MAIL_KEY = "tiktok_queued_mail"
JOB_CONTEXT = {"mail_notify_force_send": False, QUEUED_MAIL_KEY: True}
MAIL_CRON_XMLID = "mail.ir_cron_mail_scheduler_action"
BLOCKED_SECONDS = 1  # until the next attempt of what is blocked, half of it more or less
LONG_BLOCKED_SECONDS = 60  # the same, for what came more than YOUNG_SECONDS ago
YOUNG_SECONDS = 20
LONGEST_LINGER_SECONDS = 5

# A lead that waits longer is a warning.
SLOW_SECONDS = 5
# What the health address calls critical, or a warning for the last one.
HEALTH_QUEUE_SECONDS = 60
HEALTH_WORKER_SECONDS = 300  # since the job, which runs each minute, ran last
HEALTH_RECONCILIATION_SECONDS = 48 * 3600
CLAIM_MINUTES = 2  # an older attempt was interrupted: no batch takes so long
COUNTED_EVENTS = 10_000
ENRICH_CRON_XMLID = "crm_iap_enrich.ir_cron_lead_enrichment"
ENRICH_MINUTES = 5  # from the first lead until CRM enriches all that came since
CRON_WORKERS = 2  # one for leads while the other runs something else

# Assignment and speed to lead.
OWN_ASSIGNMENT = (
    "fixed",
    "round_robin",
    "least_busy",
)  # chosen here, not by a user or Odoo's rules
ASSIGN_CRON_XMLID = "tiktok_leadgen.ir_cron_assign_leads"
ASSIGN_BATCH = 200
MOST_OTHER_LEADS = 100  # counted on the form of a lead
CALL_MINUTES = 10
REMINDER_MINUTES = (5, 15, 60)
LATE_MINUTES = 60  # a lead that an export delivers later is assigned silently
REASSIGN_RETRY_MINUTES = 15  # while no other member of the team is at work
# Context key of what is no first contact: an import or a merge changes the stage, or an activity
# is closed though no one was reached.
NO_CONTACT_CONTEXT = "tiktok_no_contact"
# Why a lead has no salesperson; the last three are of leads that wait for Odoo's rules.
UNASSIGNED_REASONS = [
    ("no_team", "No sales team to choose from"),
    ("no_members", "The sales team has no members"),
    ("none_available", "All team members are out of office or paused"),
    ("user_away", "The salesperson is out of office"),
    ("user_gone", "The salesperson no longer has access"),
    ("queued", "It is being assigned"),
    ("rules", "Waiting for Odoo assignment rules"),
    (
        "quota",
        "Odoo assignment rules found no salesperson: capacity is used up, or no domain matches",
    ),
    ("broken_rule", "A domain in Odoo assignment rules can't be evaluated"),
]
RULES_REASONS = ("rules", "quota", "broken_rule")
REPEAT_POLICIES = [
    ("new", "Create a new lead, linked to the earlier ones"),
    ("note", "Add a note to the open lead"),
    ("reopen", "Reopen the lost lead"),
]
# Reconciliation with TikTok.
RECONCILIATION_CRON_XMLID = "tiktok_leadgen.ir_cron_backfill"
RECONCILIATION_DAYS = 90  # TikTok keeps a lead so long
EXPORTS_AT_ONCE = 3  # a finished file is gone after ten minutes
MAX_EXPORT_ATTEMPTS = 6
MAX_EXPORT_INTERRUPTIONS = 12  # of one file: three or four rows that interrupt each attempt

# Importing downloaded files.
IMPORT_CRON_XMLID = "tiktok_leadgen.ir_cron_import_leads"
IMPORT_LINES = 500  # refused rows that are listed
IMPORT_FILE_DAYS = 7  # then the files and the preview are deleted

# The watchdog.
HEALTH_FIXES = [
    ("reconnect", "Reconnect"),
    ("subscribe", "Receive Leads Again"),
    ("reconcile", "Reconcile Now"),
]
WATCH_CRON_XMLID = "tiktok_leadgen.ir_cron_watchdog"
WATCH_PAUSE_MINUTES = 10  # a run that had no time for all goes on with those not looked at
WATCH_ALARM_HOURS = 6  # TikTok tries a delivery again for 24
RHYTHM_DAYS = 30
RHYTHM_LEADS = 10  # fewer have no rhythm
SILENCE_HOURS = 6

# Testing the connection.
CONNECTION_TEST_SECONDS = 60
CONNECTION_TEST_DAYS = 7

# Keeping and forgetting.
DEFAULT_RETENTION_DAYS = 90  # as long as TikTok keeps a lead
TEST_LEAD_DAYS = 7
PURGE_EXTRA_DAYS = 275  # a scrubbed row still proves that a lead came once; then it goes too
GC_BATCH = 5_000

WEBHOOK_TOKEN_BYTES = 32
TOKEN_GRACE_HOURS = 48  # for which a replaced token stays accepted

REASONS = [
    # what came
    ("other_object", "Not about a lead"),
    ("no_entries", "No lead in this delivery"),
    ("empty_body", "Empty body"),
    ("bad_encoding", "Not readable: not Unicode"),
    ("not_json", "Not readable: not JSON"),
    ("too_deep", "Not readable: nested too deep"),
    ("bad_shape", "Not readable: its entries are not a list"),
    ("too_many", "Not readable: too many leads in one delivery"),
    ("bad_entry", "Not readable: the entry is not an object"),
    ("no_answers", "Not readable: no answers in it"),
    ("unknown_shape", "Not readable: unknown structure"),
    ("too_long", "Not readable: the lead is too long"),
    ("too_many_answers", "Not readable: too many answers in one lead"),
    ("too_many_values", "Not readable: too many values in one answer"),
    ("unknown_event", "Unknown event"),
    # who sent it
    ("wrong_token", "The token in the URL is invalid"),
    ("no_token", "The URL has no token"),
    ("wrong_signature", "The signature is invalid"),
    ("no_signature", "The signature is missing"),
    ("no_secret", "The signature cannot be checked: no app secret"),
    ("unreadable_secret", "The signature cannot be checked: the app secret cannot be decrypted"),
    ("unknown_company", "No company is known for it"),
    ("unknown_account", "No matching account in Odoo"),
    ("stale", "Received late and older than the connection"),
    # what we made of it
    ("company_archived", "The company is archived"),
    ("company_off", "Lead generation is turned off for the company"),
    ("disconnected", "The ad account is disconnected"),
    ("repeated", "The lead is already here"),
    ("mapped", "Read with a relay mapping: its leads have their own deliveries"),
    ("noted", "Repeat submission: noted on the open lead"),
    ("reopened", "Repeat submission: the lost lead was reopened"),
    ("erased", "Erased at the person's request"),
    ("outdated", "The account was connected again since"),
    ("discarded", "Discarded by a person"),
    ("disproved", "TikTok's export reports something else"),
    ("connection_test", "Test lead of a connection test, deleted again"),
    ("error", "The lead could not be created"),
    ("interrupted", "Odoo stopped each time it processed this delivery"),
]
