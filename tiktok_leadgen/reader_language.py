"""The language of texts that scheduled actions store: that of the user who reads them."""


def in_reader_language(record):
    """Return a record in the language of the user who is responsible for it, else of its company.

    A scheduled action has no language: what it stores would be English for everyone.

    :param record: res.company, or a record with a company and perhaps a user
    :return: the same record
    """
    known = record.sudo()
    company = known if record._name == "res.company" else known.company_id
    reader = known.user_id if "user_id" in record._fields else known.env["res.users"]
    reader = reader.filtered("active")[:1] or (company and company._tiktok_get_responsible())
    is_known = reader and known.env["res.lang"]._get_data(code=reader.lang)
    return record.with_context(lang=reader.lang) if is_known else record


def call_in_reader_language(function):
    """Wrap a function of one record, so that the record has its reader's language.

    :param function: takes the record, and further arguments
    :return: the wrapped function
    """

    def call(record, *args):
        return function(in_reader_language(record), *args)

    return call
