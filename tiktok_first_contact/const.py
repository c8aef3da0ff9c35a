"""Everything literal of the addon, once."""

# The next try after no answer: minutes, hours, or d for the opening of that many days later.
RETRY_PATTERN = "15m, 2h, 1d"
MOST_STEPS = 10
UNDO_MINUTES = 15  # for which an outcome can be taken back
OPEN_HOURS = 24  # for which the outcome of a call is asked
FOLLOW_UP_CRON_XMLID = "tiktok_leadgen.ir_cron_speed_to_lead"
CHANNELS = [("call", "Call"), ("whatsapp", "WhatsApp")]
OUTCOMES = [
    ("reached", "Reached"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number"),
    ("not_interested", "Not interested"),
]
# How the first contact was made, of `tiktok_first_contact_how` of crm.lead.
CONTACT_TYPES = {"call": "call", "whatsapp": "message"}

FIRST_RETRY_SECONDS = 60  # after what failed and may pass; doubled each time
LONGEST_RETRY_SECONDS = 3600

# First messages.
MESSAGE_CRON_XMLID = "tiktok_first_contact.ir_cron_send_first_messages"
MESSAGE_JOB = "tiktok.first.message"  # names the attempts with one message
MESSAGE_TEMPLATE_XMLID = "tiktok_leadgen.mail_template_lead_received"
MESSAGE_HOURS = 24  # an older lead gets none; a person gets one in so long
MESSAGE_TIMINGS = [("now", "Immediately"), ("opening", "At the next opening")]
MESSAGE_STATES = [
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("skipped", "Not sent"),
    ("failed", "Failed"),
]
MESSAGE_REASONS = [
    ("closed", "The lead was closed before"),
    ("contacted", "A salesperson was faster"),
    ("no_address", "No valid address"),
    ("opted_out", "The person opted out"),
    ("bounced", "An earlier message bounced"),
    ("recent", "The person got one in the last 24 hours"),
    ("turned_off", "First messages were turned off"),
    ("no_template", "The template is missing"),
    ("error", "The template cannot be rendered"),
    ("server", "The mail server or the service refused it"),
    ("interrupted", "Odoo stopped each time it was sent"),
    ("neutralized", "Copied database"),
]

# Alerts.
ALERT_CRON_XMLID = "tiktok_first_contact.ir_cron_send_alerts"
ALERT_JOB = "tiktok.lead.alert"  # names the attempts with the alerts of one user
PRESENCE_SECONDS = 130  # an open browser reports itself each minute
ALERT_KINDS = [
    ("new", "New lead"),
    ("claim", "First to claim"),
    ("repeat", "Submitted again"),
    ("reminder", "Reminder"),
    ("retry", "Call again"),
    ("escalated", "Escalated"),
]
MAILED_KINDS = ("new", "claim", "repeat", "retry", "escalated")  # a reminder is pushed only
LEADS_IN_EMAIL = 20
MOST_NAME_CHARACTERS = 100  # of a person in a title: a push notification has 4 KB
MOST_ALERT_FAILURES = 5
ALERT_DAYS = 30  # then the rows are deleted
