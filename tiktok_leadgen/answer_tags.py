"""Tags that a mapping makes of answers: a name like "Rex, my dog" can tell who the person is.

They are removed with the person, and deleted where nothing else uses them.
"""

from odoo.tools import SQL

TAG = "crm.tag"


def find_answer_tags(lead):
    """Find the tags of a lead that its person's answers named.

    Those of the form are for each of its leads, and say nothing of a person.

    :param lead: crm.lead, in sudo, whose deliveries are still there
    :rtype: crm.tag
    """
    tags = lead.tag_ids - _find_forms(lead).tag_ids
    named = set()
    for event in lead.tiktok_event_ids:
        for answer in _read_answers(event):
            names = lead.env["tiktok.mapping"]._split_tag_names(answer.values)
            named.update(name.casefold() for name in names)
    codes = [code for code, _name in lead.env["res.lang"].get_installed()]
    return tags.filtered(
        lambda tag: (
            tag.sudo().tiktok_from_answer
            or any((tag.with_context(lang=code).name or "").casefold() in named for code in codes)
        )
    )


def _read_answers(event):
    """Return the answers of a delivery, none if they were removed or can't be read.

    :param event: tiktok.event
    :rtype: list
    """
    try:
        parsed = event._read_lead()
    except ValueError:
        return []
    return parsed.answers if parsed else []


def list_mapped_fields(lead):
    """Return the fields of a lead that answers filled, by any mapping its forms ever had.

    :param lead: crm.lead, in sudo
    :rtype: set[str]
    """
    return set().union(*(form._get_mapped_fields() for form in _find_forms(lead)))


def _find_forms(lead):
    return lead.tiktok_form_id | lead.tiktok_event_ids.form_id


def delete_unused_tags(tags):
    """Delete those tags that a mapping created and that nothing uses any more.

    One that another transaction is about to use is left to a later run.

    :param tags: crm.tag
    """
    tags = tags.sudo().exists().filtered("tiktok_from_answer").try_lock_for_update()
    if tags:
        (tags - _find_used_tags(tags)).unlink()


def _find_used_tags(tags):
    """Return the tags to which a record of any model refers.

    :param tags: crm.tag
    :rtype: crm.tag
    """
    tags.env.flush_all()
    columns = set()
    for model in tags.env.registry.values():
        for field in model._fields.values():
            if field.comodel_name != TAG or not field.store or not model._auto:
                continue
            if field.type == "many2many":
                columns.add((field.relation, field.column2))
            elif field.type == "many2one":
                columns.add((model._table, field.name))
    used = tags.browse()
    for table, column in sorted(columns):
        query = SQL(
            "SELECT DISTINCT %(column)s FROM %(table)s WHERE %(column)s = ANY(%(ids)s)",
            column=SQL.identifier(column),
            table=SQL.identifier(table),
            ids=tags.ids,
        )
        used |= tags.browse(row[0] for row in tags.env.execute_query(query))
    return used
