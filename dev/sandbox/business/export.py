"""The export of leads: a task, polled until its file is there, gone ten minutes later."""

import csv
import io
import zipfile

from flask import Response, request

from dev.sandbox import leads
from dev.sandbox.business.api import (
    FAILED,
    INVALID,
    NOT_FOUND,
    Refused,
    endpoint,
    form_of,
    owner,
    owns,
    uid,
    world,
)
from dev.sandbox.business.forms import stamp
from dev.sandbox.records import ExportTask

RETENTION_SECONDS = 90 * 86400  # TikTok deletes leads after 90 days
REGIONS = ("", "eu", "us")
COLUMNS = (
    "lead_id",
    "created_time",
    "ad_id",
    "ad_name",
    "adgroup_id",
    "adgroup_name",
    "campaign_id",
    "campaign_name",
    "form_id",
    "form_name",
)
SPACED = {"lead id": str, "Lead ID": str.title}


def region():
    """Return the shard this request talks to.

    :raise Refused: for a region that does not exist
    """
    value = request.headers.get("x-lead-region", "").strip().lower()
    if value not in REGIONS:
        raise Refused(INVALID, "x-lead-region: Must be eu, us or missing.")
    return value


@endpoint("POST", "/page/lead/task/", permission=21)
def lead_task(token):
    """Start an export, or tell how far it is."""
    account = owner(token, admin=True)
    task_id = uid("task_id")
    task = _task(task_id, token, account) if task_id else _new_task(token, account)
    if task_id:
        _go_on(task)
    data = {"task_id": task.task_id, "status": task.status}
    if task.status == "SUCCEED":
        kind = task.file_name.rpartition(".")[2]
        data |= {"file_name": task.file_name, "file_type": kind}
    return data


def _new_task(token, account):
    page_id, ad_id = uid("page_id"), uid("ad_id")
    if bool(page_id) == bool(ad_id):
        raise Refused(INVALID, "Give either page_id or ad_id.")
    if page_id:
        form_of(page_id, *account)
    elif ad_id not in world().ads:
        raise Refused(NOT_FOUND, "ad_id: The ad does not exist.")
    owner_id = "".join(account)
    task = ExportTask(world().ids.uid(), token.app_id, owner_id, page_id, ad_id, region())
    world().tasks[task.task_id] = task
    return task


def _task(task_id, token, account):
    task = world().tasks.get(task_id)
    if not task or task.app_id != token.app_id or task.owner != "".join(account):
        raise Refused(NOT_FOUND, "task_id: The task does not exist.")
    return task


def _go_on(task):
    if task.status not in ("CREATED", "RUNNING"):
        return
    task.polls += 1
    task.status = "RUNNING"
    if task.polls >= world().settings.export_polls:
        _finish(task)


def _finish(task):
    content = table(world(), task).encode()
    name = f"leads_{task.task_id}.csv"
    if len(content) > world().settings.export_zip_bytes:
        content, name = _zipped(name, content), f"leads_{task.task_id}.zip"
    task.content, task.file_name = content, name
    task.made_at, task.status = world().now(), "SUCCEED"


def _zipped(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@endpoint("GET", "/page/lead/task/download/", permission=21)
def lead_download(token):
    """Give the file."""
    account = owner(token, admin=True)
    task = _task(uid("task_id", required=True), token, account)
    try:
        _check_file(task)
    except Refused as refusal:
        if world().settings.export_error == "json":
            raise
        return Response(f"{refusal.code} {refusal.message}", mimetype="text/csv")
    content = task.content
    if region() != task.region:  # another shard knows nothing of these leads
        content = table(world(), ExportTask(**{**vars(task), "region": "none"})).encode()
    kind = "application/zip" if content[:2] == b"PK" else "text/csv"
    return Response(content, mimetype=kind)


def _check_file(task):
    if task.status != "SUCCEED":
        raise Refused(FAILED, "Download failed: the task is not done.")
    if task.made_at + world().settings.export_life <= world().now():
        raise Refused(FAILED, "Download failed: the file has expired, start a new task.")


def table(state, task):
    """Write the leads of a task as CSV.

    :param World state: its switches decide about BOM, header and ids
    :rtype: str
    """
    found = [lead for lead in state.leads.values() if _in_task(state, task, lead)]
    labels = _labels(state, task, found)
    out = io.StringIO()
    if state.settings.csv_bom == "yes":
        out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_header(state.settings), *labels])
    writer.writerows(_row(state, lead, labels) for lead in found)
    return out.getvalue()


def _in_task(state, task, lead):
    if lead.region != task.region or not owns(lead, task.owner, task.owner):
        return False
    if lead.create_time < state.now() - RETENTION_SECONDS:
        return False
    if lead.test and state.settings.export_test_leads == "no":
        return False
    if task.page_id:
        return lead.page_id == task.page_id
    return bool(lead.ad) and lead.ad.ad_id == task.ad_id


def _labels(state, task, found):
    form = state.forms.get(task.page_id or (found[0].page_id if found else ""))
    return [question.label for question in form.questions] if form else []


def _header(settings):
    names = list(COLUMNS)
    if settings.csv_header == "page":
        names[8:] = ["page_id", "page_name"]
    if settings.csv_header in SPACED:
        names = [SPACED[settings.csv_header](name.replace("_", " ")) for name in names]
        names[0] = settings.csv_header
    return names + ["is_test"] * (settings.csv_is_test == "yes")


def _row(state, lead, labels):
    settings, form = state.settings, state.forms[lead.page_id]
    ad, protect = leads.attribution(lead), PROTECT[settings.csv_ids]
    suffix = "(UTC+00:00)" if settings.csv_time == "utc_suffix" else ""
    row = [protect(lead.lead_id), stamp(lead.create_time) + suffix]
    for level in ("ad", "adgroup", "campaign"):
        row += [protect(ad[f"{level}_id"]), ad[f"{level}_name"]]
    row += [protect(lead.page_id), form.title]
    if settings.csv_is_test == "yes":
        row.append("true" if lead.test else "false")
    answers = {form.label(key): leads.text_of(value) for key, value in lead.answers}
    return row + [answers.get(label, "") for label in labels]


PROTECT = {"plain": str, "quote": "'{}".format, "formula": '="{}"'.format}
