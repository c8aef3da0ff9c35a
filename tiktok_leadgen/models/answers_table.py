from markupsafe import Markup

_TABLE = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
_ROW = Markup(
    '<tr><th class="fw-normal text-muted w-50" dir="auto">%s</th><td dir="auto">%s</td></tr>'
)


def answers_table(pairs):
    """Return questions and answers as a table; each cell finds its own direction.

    :param list pairs: question and answer
    :rtype: Markup
    """
    return _TABLE % Markup().join(_ROW % (question, answer) for question, answer in pairs)
