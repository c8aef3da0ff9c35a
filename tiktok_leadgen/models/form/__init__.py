"""Instant Forms, their questions and the values that all leads of a form get.

A question decides where its answers go: `_sync_questions` and `_get_mapping_rule`.

Leads enter through `tiktok.form._find_or_create_forms` and `tiktok.form.question._sync_questions`,
the ad account's lists through `_sync_listed_forms` and `_fetch_questions`, its watchdog through
`_find_silent_forms`.
"""

from . import tiktok_form, tiktok_form_default, tiktok_form_question, tiktok_form_sync
