"""Video files in chunks: PUT to the address that init gave."""

import re

from flask import Blueprint, Response, current_app, request

from dev.sandbox import publishing
from dev.sandbox.developer.api import Refused

bp = Blueprint("upload", __name__)

INVALID = "invalid_param"
MB = 1024 * 1024
SMALLEST_CHUNK, LARGEST_CHUNK, LARGEST_LAST = 5 * MB, 64 * MB, 128 * MB
MOST_CHUNKS = 1000
MOST_BYTES = 4 * 1024 * MB
HOUR = 3600
FORMAT_BYTES = 64  # of the beginning: enough to know the format
TYPES = ("video/mp4", "video/quicktime", "video/webm")
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def check_chunks(source):
    """Check size, chunk size and number of chunks.

    :param dict source: ``source_info``
    :raise Refused: if they don't fit each other
    """
    names = ("video_size", "chunk_size", "total_chunk_count")
    size, chunk, count = (source.get(name) for name in names)
    if not all(type(each) is int and each > 0 for each in (size, chunk, count)):
        raise Refused(INVALID, f"source_info: {', '.join(names)} must be whole numbers above 0.")
    if size > MOST_BYTES:
        raise Refused(INVALID, "source_info.video_size: more than 4 GB.")
    if size < SMALLEST_CHUNK and (chunk, count) != (size, 1):
        raise Refused(INVALID, "source_info: a file below 5 MB is uploaded whole.")
    if size >= SMALLEST_CHUNK and not SMALLEST_CHUNK <= chunk <= LARGEST_CHUNK:
        raise Refused(INVALID, "source_info.chunk_size: must be 5 to 64 MB.")
    if count != max(1, size // chunk) or count > MOST_CHUNKS:
        raise Refused(INVALID, "source_info.total_chunk_count: must be size / chunk, rounded down.")


def address(world, post):
    """Return where a post's file goes; valid for an hour.

    :rtype: str
    """
    post.upload_token = world.ids.token(length=32)
    return f"{world.base_url}/upload/{post.publish_id}?upload_token={post.upload_token}"


def _refuse(status, reason):
    return Response(reason, status, mimetype="text/plain")


@bp.put("/upload/<publish_id>")
def put(publish_id):
    """Take one chunk."""
    world = current_app.config["WORLD"]
    with world.lock:
        post = world.posts.get(publish_id)
        if not post or request.args.get("upload_token") != post.upload_token:
            return _refuse(404, "no such upload")
        if post.created + HOUR <= world.now():
            return _refuse(403, "the upload address has expired")
        if request.mimetype not in TYPES:
            return _refuse(400, f"Content-Type must be one of {', '.join(TYPES)}")
        return _store_chunk(world, post)


def _store_chunk(world, post):
    found = RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if not found:
        return _refuse(400, "Content-Range: bytes first-last/total")
    first, last, total = map(int, found.groups())
    body = request.get_data(cache=False)
    if len(body) != last - first + 1:
        return _refuse(400, "Content-Range and Content-Length differ")
    if total != post.source["video_size"] or first != post.uploaded or not _fits(post, last):
        return _refuse(416, f"expected the bytes from {post.uploaded}")
    if first == 0:
        post.first_bytes = body[:FORMAT_BYTES]
    post.uploaded = last + 1
    if post.uploaded < total:
        return Response(status=206, headers={"Content-Range": f"bytes 0-{last}/{total}"})
    publishing.uploaded(world, post)
    return Response(status=201, headers={"Content-Range": f"bytes 0-{last}/{total}"})


def _fits(post, last):
    """Tell whether a chunk ends where the announced chunk size says."""
    size, chunk = post.source["video_size"], post.source["chunk_size"]
    number = post.uploaded // chunk
    final = number >= post.source["total_chunk_count"] - 1
    end = size if final else (number + 1) * chunk
    return last + 1 == end and last + 1 - post.uploaded <= LARGEST_LAST
