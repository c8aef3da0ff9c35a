"""The export of leads: a task that is polled until its file is there, then the file.

https://business-api.tiktok.com/portal/docs?id=1739052936772610 (task),
https://business-api.tiktok.com/portal/docs?id=1739053563877378 (download)
"""

import typing

from . import values
from .business_refusal import parse_refusal
from .errors import RetryLaterError, UnparsableAnswerError

TASK_PATH = "/page/lead/task/"
DOWNLOAD_PATH = "/page/lead/task/download/"
# A form's leads are kept where its people are; the wrong region has an empty file, no error.
REGIONS = ("", "us", "eu")
REGION_HEADER = "x-lead-region"
DONE = "SUCCEED"
FAILED = "FAILED"
UNDER_WAY = ("CREATED", "RUNNING")
NOT_THERE = ("40000", "40007")  # the file has expired, the task is gone


class Task(typing.NamedTuple):
    """An export and its status at TikTok."""

    uid: str
    status: str  # CREATED, RUNNING, SUCCEED or FAILED


class LeadExport:
    """Exports the leads of one form from one region.

    :param BusinessClient client: with the token of an Admin of the ad account
    :param dict owner: ``advertiser_id`` or ``library_id``
    :param str page_uid: the form
    :param str region: one of `REGIONS`
    """

    def __init__(self, client, owner, page_uid, region=""):
        self._client = client
        self._owner = owner
        self._page_uid = page_uid
        self._headers = {REGION_HEADER: region} if region else None

    def begin(self):
        """Request a file. If the answer is lost, it may be requested again.

        :rtype: Task
        :raise TiktokError: if TikTok refuses
        """
        return self._request_export_task({})

    def look(self, task_uid):
        """Request the status of a task.

        :param str task_uid: of `begin`
        :rtype: Task
        :raise TiktokError: if TikTok refuses; `gone` tells whether to begin again
        """
        return self._request_export_task({"task_id": task_uid})

    def download(self, task_uid, out):
        """Fetch the file of a task that is done.

        :param str task_uid: of `begin`
        :param out: binary file; what was written before an error is worthless
        :raise TiktokError: if TikTok refuses; `gone` tells whether to begin again
        """
        params = {**self._owner, "task_id": task_uid}
        self._client.download(DOWNLOAD_PATH, params, out, headers=self._headers)

    def _request_export_task(self, extra):
        body = {**self._owner, "page_id": self._page_uid, **extra}
        data = self._client.post(TASK_PATH, body, headers=self._headers)
        task = Task(
            values.parse_uid(data.get("task_id")) or extra.get("task_id", ""),
            _parse_task_status(data),
        )
        if not task.uid or task.status not in (*UNDER_WAY, DONE, FAILED):
            raise UnparsableAnswerError("TikTok's answer tells of no export.", "no_task")
        return task


def _parse_task_status(data):
    return values.join_texts(data.get("status")).upper()


def is_export_gone(error):
    """Tell whether an export must begin again: its file has expired or its task is gone.

    :param TiktokError error: of a look, a download or of the file itself
    :rtype: bool
    """
    return error.code in NOT_THERE


def convert_file_error(error):
    """Return what a file that can't be read means.

    TikTok's refusal may be in the file itself; a broken file is requested again.

    :param UnparsableAnswerError error: of `export_csv.Export`
    :rtype: TiktokError
    """
    if values.parse_whole_number(error.code) is not None:
        content = {"code": error.code, "message": str(error), "request_id": error.request_id}
        return parse_refusal(content)
    if error.code in ("truncated", "bad_zip"):
        return RetryLaterError("TikTok's file did not come whole.", error.code)
    return error
