"""The language of texts that scheduled actions store: that of the user who reads them."""

from .concurrency import process_each


def in_reader_language(record):
    """Return a record in the language of the user who is responsible for it, else of its company.

    A scheduled action has no language: what it stores would be English for everyone.

    :param record: res.company, or a record with a company and perhaps a user
    :return: the same record
    """
    known = record.sudo().exists()  # it may have been deleted meanwhile
    company = known if record._name == "res.company" else known.company_id
    reader = known.user_id if "user_id" in record._fields else known.env["res.users"]
    reader = reader.filtered("active")[:1] or (company and company._tiktok_get_responsible())
    is_known = reader and known.env["res.lang"]._get_data(code=reader.lang)
    return record.with_context(lang=reader.lang) if is_known else record


def process_localized(records, work, on_error, job):
    """Process one record after the other, each in the language of who reads the texts it gets.

    :param records: of `process_each`
    :param work: of `process_each`
    :param on_error: of `process_each`
    :param str job: of `process_each`
    :return: the records that stay due
    """

    def work_localized(record):
        work(in_reader_language(record))

    def handle_localized(record, error):
        on_error(in_reader_language(record), error)

    return process_each(records, work_localized, handle_localized, job)
