"""Everything literal of the addon, once."""

# Routes, each also without its last slash.
LEAD_WEBHOOK_ROUTE = "/api/integrations/webhooks/tiktok-leadgen/"
LEADGEN_CONFIG_ROUTE = "/api/integrations/accounts/tiktok-leadgen-config/"

# A thousand leads with thirty answers each are about 3 MiB.
MAX_WEBHOOK_BYTES = 8 * 1024 * 1024

# What came without proof is kept for a person to look at, within these bounds per company.
QUARANTINE_HOURS = 1
QUARANTINE_ROWS = 1_000
QUARANTINE_BYTES = 16 * 1024 * 1024
RETRY_AFTER_SECONDS = 900
UNTRUSTED_RAW_CHARS = 64 * 1024  # of a body that can't be read and that nobody vouches for

# Processing.
CRON_XMLID = "tiktok_leadgen.ir_cron_process_events"
BATCH_SIZE = 200
MAX_TRIES = 8
FIRST_RETRY_SECONDS = 60
LONGEST_RETRY_SECONDS = 6 * 3600
# One process wakes the scheduler at most this often; a run of the job looks for work at least so
# long after it began, and so finds what came after the wake-up it answers.
WAKE_SECONDS = 0.1
LINGER_SECONDS = 0.15

# Keeping and forgetting.
DEFAULT_RETENTION_DAYS = 90  # as long as TikTok keeps a lead
TEST_LEAD_DAYS = 7
PURGE_EXTRA_DAYS = 275  # a scrubbed row still proves that a lead came once; then it goes too
GC_BATCH = 5_000

WEBHOOK_TOKEN_BYTES = 32

REASONS = [
    # what came
    ("other_object", "Not about a lead"),
    ("no_entries", "No lead in it"),
    ("empty_body", "Empty body"),
    ("bad_encoding", "Not readable: not Unicode"),
    ("not_json", "Not readable: not JSON"),
    ("too_deep", "Not readable: nested too deep"),
    ("bad_shape", "Not readable: its entries are not a list"),
    ("too_many", "Not readable: too many leads at once"),
    ("bad_entry", "Not readable: the entry is not an object"),
    ("no_answers", "Not readable: no answers in it"),
    # who sent it
    ("wrong_token", "The token in the address is wrong"),
    ("no_token", "The address has no token"),
    ("wrong_signature", "The signature is wrong"),
    ("no_signature", "The signature is missing"),
    ("no_secret", "The signature can't be checked: no app secret"),
    ("unreadable_secret", "The signature can't be checked: the app secret can't be opened"),
    ("unknown_company", "No company is known for it"),
    # what we made of it
    ("company_archived", "The company is archived"),
    ("company_off", "Lead generation is off for the company"),
    ("repeated", "The lead is here already"),
    ("discarded", "Discarded by a person"),
    ("error", "It could not be made a lead"),
]
