"""Questions and answers of a lead, shown to users as a table."""

from markupsafe import Markup

from .tiktok.standard import KEYS

# Names that were too long for their field are among the answers.
NAME_FIELDS = {
    "page_name": "tiktok_form_id",
    **{f"{kind}_name": f"tiktok_{kind}_name" for kind in ("campaign", "adgroup", "ad")},
}
_TABLE = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
# bdi: an Arabic answer reads from the right, and is still aligned with the others.
_ROW = Markup(
    '<tr><th class="fw-normal text-muted w-50"><bdi>%s</bdi></th><td><bdi>%s</bdi>%s</td></tr>'
)
_NOTE = Markup('<div class="small text-warning-emphasis">⚠ %s</div>')


def render_answers_table(env, pairs, notes=None):
    """Render questions and answers as a table.

    A standard question comes as a key (``phone_number``); it is shown under its field's label.

    :param env: environment of the reader, for the language
    :param list pairs: question and answer
    :param dict notes: lists of sentences by question, None for none
    :return: the table
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
