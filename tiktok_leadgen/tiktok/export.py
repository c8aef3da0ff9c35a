"""The export of leads: a task that is asked again until its file is there, then the file.

https://business-api.tiktok.com/portal/docs?id=1739052936772610 (task),
https://business-api.tiktok.com/portal/docs?id=1739053563877378 (download)
"""

import typing

from . import values
from .business_refusal import refusal
from .errors import NotUnderstoodError, RetryLaterError

TASK_PATH = "/page/lead/task/"
DOWNLOAD_PATH = "/page/lead/task/download/"
# A form's leads are kept where its people are; the wrong region has an empty file, no error.
REGIONS = ("", "us", "eu")
REGION_HEADER = "x-lead-region"
FILE_SECONDS = 600  # as long a file can be fetched
DONE = "SUCCEED"
FAILED = "FAILED"
UNDER_WAY = ("CREATED", "RUNNING")
NOT_THERE = ("40000", "40007")  # the file has expired, the task is gone


class Task(typing.NamedTuple):
    """An export as TikTok says it stands."""

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
        """Have a file made. If the answer gets lost, it may be asked for again.

        :rtype: Task
        :raise TiktokError: as TikTok refuses
        """
        return self._post({})

    def look(self, task_uid):
        """Ask how far it is.

        :rtype: Task
        :raise TiktokError: as TikTok refuses; `gone` tells whether it is to begin anew
        """
        return self._post({"task_id": task_uid})

    def download(self, task_uid, out):
        """Fetch the file of a task that is done.

        :param out: binary file; what was written before an error is nothing
        :raise TiktokError: as TikTok refuses; `gone` tells whether it is to begin anew
        """
        params = {**self._owner, "task_id": task_uid}
        self._client.download(DOWNLOAD_PATH, params, out, headers=self._headers)

    def _post(self, more):
        body = {**self._owner, "page_id": self._page_uid, **more}
        data = self._client.post(TASK_PATH, body, headers=self._headers)
        task = Task(values.uid(data.get("task_id")) or more.get("task_id", ""), _status(data))
        if not task.uid or task.status not in (*UNDER_WAY, DONE, FAILED):
            raise NotUnderstoodError("TikTok's answer tells of no export.", "no_task")
        return task


def _status(data):
    return values.text(data.get("status")).upper()


def gone(error):
    """Tell whether an export is to begin anew: its file has expired or its task is gone.

    :param TiktokError error: of a look, a download or of the file itself
    :rtype: bool
    """
    return error.code in NOT_THERE


def file_error(error):
    """Return what a file that can't be read means.

    TikTok's refusal may stand in the file itself; a broken file is made anew.

    :param NotUnderstoodError error: of `export_csv.Export`
    :rtype: TiktokError
    """
    if values.whole_number(error.code) is not None:
        content = {"code": error.code, "message": str(error), "request_id": error.request_id}
        return refusal(content)
    if error.code in ("truncated", "bad_zip"):
        return RetryLaterError("TikTok's file did not come whole.", error.code)
    return error
