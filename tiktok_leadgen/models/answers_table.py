from markupsafe import Markup

_TABLE = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
# bdi: an Arabic answer reads from the right, and still stands where the others stand.
_ROW = Markup(
    '<tr><th class="fw-normal text-muted w-50"><bdi>%s</bdi></th><td><bdi>%s</bdi></td></tr>'
)


def answers_table(env, pairs):
    """Return questions and answers as a table.

    A standard question comes as a key (``phone_number``); it is shown under the name people know.

    :param env: of the reader, for the language
    :param list pairs: question and answer
    :rtype: Markup
    """
    labels = dict(env["tiktok.form.question"]._fields["target"]._description_selection(env))
    rows = [_ROW % (labels.get(question, question), answer) for question, answer in pairs]
    return _TABLE % Markup().join(rows)
