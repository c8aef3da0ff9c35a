"""What becomes of answers: fields of the lead, now and when a mapping is changed later.

Which field an answer goes to is decided by the form's questions (`tiktok.form.question`:
`_sync_questions` routes each answer by `_get_mapping_rule`); here the answer is parsed and written.
Standard keys such as the name become fields in `crm.lead._tiktok_prepare_person`.

Leads enter through `tiktok.mapping._map_answers` and `_add_mapped_values` and through
`tiktok.location._resolve_locations`.
"""

from . import (
    tiktok_form_mapping,
    tiktok_location,
    tiktok_mapping,
    tiktok_mapping_change,
    tiktok_mapping_parse,
    tiktok_mapping_run,
    tiktok_mapping_target,
)
