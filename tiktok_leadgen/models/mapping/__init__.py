"""What becomes of answers: fields of the lead, now and when a mapping is changed later.

Leads enter through `tiktok.mapping._map_answers` and `_add_mapped_values` and through
`tiktok.location._resolve_locations`; `answers_table` shows answers to people.
"""

from . import (
    answers_table,
    tiktok_form_mapping,
    tiktok_location,
    tiktok_mapping,
    tiktok_mapping_change,
    tiktok_mapping_read,
    tiktok_mapping_run,
    tiktok_mapping_target,
)
