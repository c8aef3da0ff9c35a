from markupsafe import Markup

from ..tiktok.standard import KEYS

# Names that were too long for their field stand among the answers.
NAME_FIELDS = {
    "page_name": "tiktok_form_id",
    **{f"{kind}_name": f"tiktok_{kind}_name" for kind in ("campaign", "adgroup", "ad")},
}
_TABLE = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
# bdi: an Arabic answer reads from the right, and still stands where the others stand.
_ROW = Markup(
    '<tr><th class="fw-normal text-muted w-50"><bdi>%s</bdi></th><td><bdi>%s</bdi>%s</td></tr>'
)
_NOTE = Markup('<div class="small text-warning-emphasis">⚠ %s</div>')


def answers_table(env, pairs, notes=None):
    """Return questions and answers as a table.

    A standard question comes as a key (``phone_number``); it is shown under the name people know.

    :param env: of the reader, for the language
    :param list pairs: question and answer
    :param dict notes: sentences by question
    :rtype: Markup
    """
    targets = dict(env["tiktok.form.question"]._fields["target"]._description_selection(env))
    labels = {key: targets[key] for key in KEYS}
    fields = env["crm.lead"]._fields
    labels |= {key: fields[name]._description_string(env) for key, name in NAME_FIELDS.items()}
    rows = [
        _ROW
        % (
            labels.get(question, question),
            answer,
            Markup().join(_NOTE % note for note in (notes or {}).get(question, ())),
        )
        for question, answer in pairs
    ]
    return _TABLE % Markup().join(rows)
