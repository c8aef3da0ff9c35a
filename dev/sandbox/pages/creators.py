"""TikTok accounts: their feed, their drafts, the apps they allowed."""

from flask import Blueprint, Response, abort, render_template, request

from dev.sandbox import publishing
from dev.sandbox.business import ads
from dev.sandbox.developer import events, media
from dev.sandbox.developer.checks import privacy_options
from dev.sandbox.pages.common import back_to, world

bp = Blueprint("creators", __name__, url_prefix="/creators")
REASONS = {
    1: "the person disconnected it",
    2: "the account was deleted",
    3: "the age changed",
    4: "the account was banned",
    0: "unknown",
}


def _creator(username):
    return world().creators.get(username) or abort(404)


def _post(username, publish_id):
    post = world().posts.get(publish_id)
    return post if post and post.username == username else abort(404)


@bp.get("/")
def index():
    """List accounts."""
    return render_template("creators.html", creators=world().creators.values(), avatar=_avatar)


def _avatar(creator):
    return media.address(world(), "avatar", creator.username, media.AVATAR_LIFE)


def _cover(video):
    return media.address(world(), "cover", video.video_id, media.COVER_LIFE)


@bp.get("/<username>")
def feed(username):
    """Show an account's posts, drafts and videos."""
    creator, state = _creator(username), world()
    with state.lock:
        posts = [p for p in reversed(state.posts.values()) if p.username == username]
        videos = [v for v in state.videos.values() if v.username == username]
        apps = sorted(
            {
                token.client_key
                for token in state.developer_tokens.values()
                if token.username == username and not token.dead
            }
        )
    return render_template(
        "feed.html",
        creator=creator,
        avatar=_avatar(creator),
        cover=_cover,
        posts=[post for post in posts if post.status == "PUBLISH_COMPLETE" and not post.removed],
        drafts=[post for post in posts if post.status == "SEND_TO_USER_INBOX"],
        others=[p for p in posts if p.status not in ("PUBLISH_COMPLETE", "SEND_TO_USER_INBOX")],
        videos=sorted(videos, key=lambda video: video.create_time, reverse=True),
        items=_items(posts, videos),
        apps=[state.developer_apps[key] for key in apps],
        reasons=REASONS,
        levels=privacy_options(creator),
    )


def _items(posts, videos):
    """Return what an ad may show: titles by TikTok's id."""
    public = {post.post_id: post.info.get("title", "") for post in posts if post.public}
    return {**public, **{video.video_id: video.title for video in videos}}


@bp.get("/<username>/posts/<publish_id>/<int:number>.jpg")
def picture(username, publish_id, number):
    """Give a picture of a post."""
    pictures = _post(username, publish_id).pictures
    if number >= len(pictures):
        abort(404)
    return Response(pictures[number], mimetype="image/jpeg")


@bp.post("/<username>/posts/<publish_id>/<action>")
def act(username, publish_id, action):
    """Publish a draft, or delete a post."""
    post, creator = _post(username, publish_id), _creator(username)
    level = request.form.get("privacy_level")
    if action == "publish" and level not in privacy_options(creator):
        abort(422, "Choose who may see it.")
    with world().lock:
        if action == "publish":
            publishing.finish_draft(world(), post, level)
        elif action == "remove":
            publishing.remove(world(), post)
    return back_to("creators.feed", username=username)


@bp.post("/<username>/disconnect")
def disconnect(username):
    """Let the account end an app's authorisation."""
    _creator(username)
    reason, key = request.form.get("reason", 1, type=int), request.form.get("client_key")
    if key not in world().developer_apps:
        abort(404)
    with world().lock:
        events.remove_authorization(world(), key, username, reason)
    return back_to("creators.feed", username=username)


@bp.post("/<username>/ads")
def advertise(username):
    """Let an ad show a post or video of the account, or none."""
    _creator(username)
    with world().lock:
        try:
            ads.show(world(), request.form.get("ad_id"), request.form.get("item_id", ""))
        except KeyError:
            abort(404)
    return back_to("creators.feed", username=username)


@bp.post("/<username>/settings")
def settings(username):
    """Make an account private, or let its posts fail."""
    creator = _creator(username)
    with world().lock:
        creator.private = bool(request.form.get("private"))
        creator.comment_disabled = bool(request.form.get("comment_disabled"))
        creator.banned = bool(request.form.get("banned"))
    return back_to("creators.feed", username=username)
