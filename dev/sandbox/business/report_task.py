"""``/report/task/…``: the same reports as a file, for a history of any length."""

import csv
import io

from flask import Response

from dev.sandbox.business.api import (
    FAILED,
    INVALID,
    NOT_FOUND,
    Refused,
    endpoint,
    one_of,
    owner,
    params,
    text,
    uid,
    world,
)
from dev.sandbox.business.report import list_rows, read_request
from dev.sandbox.records import ReportTask

TASK_SECONDS = 30 * 86400
TITLES = {"ad_id": "Ad ID", "stat_time_day": "By Day", "spend": "Cost"}


@endpoint("POST", "/report/task/create/", permission=15)
def report_task_create(token):
    """Start a report; a range may have any length, and a filter knows ids only."""
    _limit_to_one_per_second(token)
    asked = read_request(token)
    one_of("output_format", ("CSV_STRING",), "CSV_STRING")
    if asked.with_deleted and asked.level != "advertiser":
        raise Refused(INVALID, "filtering: A task filters by ids only.")
    asked.with_deleted |= world().settings.report_task_deleted == "yes"
    task = ReportTask(world().ids.uid(), token.app_id, asked.advertiser_id, world().now())
    names = [*asked.dimensions, *asked.metrics]
    if params().get("enable_report_title_translation", True) is False:
        titles = names
    else:
        titles = [TITLES.get(name, name.replace("_", " ").title()) for name in names]
    task.content = _table(names, titles, list_rows(asked))
    world().report_tasks[task.task_id] = task
    return {"task_id": task.task_id}


@endpoint("GET", "/report/task/check/", permission=15)
def report_task_check(token):
    """Tell how far a task is."""
    _limit_to_one_per_second(token)
    task = _task(token)
    task.polls += 1
    if task.status in ("QUEUING", "PROCESSING"):
        task.status = "PROCESSING"
        if task.polls >= world().settings.report_polls:
            task.status = world().settings.report_task_ends
    return {"task_id": task.task_id, "status": task.status}


@endpoint("GET", "/report/task/download/", permission=15)
def report_task_download(token):
    """Give the file."""
    _limit_to_one_per_second(token)
    task = _task(token)
    if task.status != "SUCCESS":
        raise Refused(FAILED, "Download failed: the task is not done.")
    return Response(task.content, mimetype="text/csv")


def _limit_to_one_per_second(token):
    state = world()
    if state.settings.rate_level == "off":
        return
    if state.limits.window_full((token.app_id, "report_task"), 1, 1):
        raise Refused(state.settings.rate_code, "App reaches the QPS limit.")


def _task(token):
    uid("advertiser_id", required=True)
    advertiser_id, _none = owner(token)
    task = world().report_tasks.get(text("task_id", required=True))
    if not task or (task.app_id, task.advertiser_id) != (token.app_id, advertiser_id):
        raise Refused(NOT_FOUND, "task_id: The task does not exist.")
    if task.made_at + TASK_SECONDS < world().now():
        raise Refused(NOT_FOUND, "task_id: The task was deleted.")
    return task


def _table(names, titles, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(titles)
    for row in rows:
        values = {**row["dimensions"], **row["metrics"]}
        writer.writerow([values[name] for name in names])
    return out.getvalue()
