"""Files of leads as people have them on their disks, and readers of them."""

import csv
import io
import json
import zipfile

import openpyxl
from tiktok import lead
from tiktok.lead_file import LeadFile
from tiktok.lead_table import LeadTable, create_item

META = [
    *("lead_id", "created_time", "ad_id", "ad_name", "adgroup_id", "adgroup_name"),
    *("campaign_id", "campaign_name", "form_id", "form_name"),
]
UID = "7600000000000000123"
PAGE = "7600000000000000456"
ROW = [
    *(UID, "2026-09-20 10:26:40(UTC+00:00)", "1809876543210987", "Video 1", "1809876543210000"),
    *("Lookalike", "1809876543200000", "Spring", PAGE, "Spring quote form"),
]
LABELS = ["Name", "Phone number", "Email", "Availability"]
ANSWERS = ["Somchai Dee", "+66812345678", "so@example.com", "Mon"]


def table(*rows, labels=LABELS, header=META, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([[*header, *labels], *rows])
    return out.getvalue()


def row(uid=UID, *, answers=ANSWERS, **values):
    cells = dict(zip(META, ROW, strict=True)) | {"lead_id": uid} | values
    return [*(cells[name] for name in META), *answers]


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for cells in rows:
            sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            data = content.encode() if isinstance(content, str) else content
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def open_file(content, name="leads.csv"):
    return LeadFile(io.BytesIO(content.encode() if isinstance(content, str) else content), name)


def scan(content, name="leads.csv"):
    return open_file(content, name).scan_tables()


def read(content, skip=0, known=()):
    file = open_file(content)
    # As the database stores them between two processes.
    tables = [LeadTable(**json.loads(json.dumps(each._asdict()))) for each in file.scan_tables()]
    return list(file.read_rows(tables, skip, known))


def parsed(content):
    return [lead.parse_lead(create_item(each).raw) for each in read(content)]


def answers(content):
    return [{each.question: each.text for each in found.answers} for found in parsed(content)]


def reasons(content):
    return [(each.line, each.reason) for each in read(content)]
