"""Everything literal of the addon, once."""

SPEND_CRON_XMLID = "tiktok_ads.ir_cron_continue_spend"
SPEND_JOB = "spend"  # names the attempts of one ad account
SPEND_SECONDS = 150  # that the calls of one ad account may take in a run
CALL_SECONDS = 10  # no further call is begun where less is left
SPEND_BATCH = 1_000  # rows of a report that are stored together
SPEND_DAYS = 30  # that are fetched again each night
RECENT_WINDOW_DAYS = 10  # of them that are fetched in one step, which a later run can continue
HISTORY_MONTHS = 13
TASK_SECONDS = 30  # between two looks at a report that TikTok prepares
TASK_CALL_SECONDS = 1.1  # an app may call report tasks once a second
TASK_LONGEST_SECONDS = 6 * 3600  # then the history is fetched without it
RETRY_SECONDS = 600
NIGHTLY_TIME = (12, 30)  # UTC: TikTok corrects the day before at 12:00

ALERT_DAYS = 30
LEAD_GAP_DAYS = 14
LEAD_GAP_HOURS = 48
DEFAULT_SPEND_WITHOUT_LEAD = 100.0
