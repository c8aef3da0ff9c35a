"""What the Display API says of a TikTok user, as values to keep.

https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info
"""

from . import values, video

_LINES = {"nickname": "display_name", "username": "username"}
_TEXTS = {"bio": "bio_description"}
_LARGEST = 2**31 - 1  # of the columns
_COUNTS = {
    "follower_count": _LARGEST,
    "following_count": _LARGEST,
    "likes_count": video.LARGEST,
    "video_count": _LARGEST,
}


def read(user):
    """Read a profile; what TikTok does not give is left out, it may lack the permission.

    :param dict user: of `display.DisplayApi.user`
    :return: what is kept, by the name of the field
    :rtype: dict
    """
    kept = {field: values.line(user.get(name)) for field, name in _LINES.items()}
    kept |= {field: values.text(user.get(name)) for field, name in _TEXTS.items()}
    kept["profile_url"] = video.link(user.get("profile_deep_link"))
    kept["is_verified"] = user.get("is_verified") is True
    kept |= {name: video.count(user.get(name), most) for name, most in _COUNTS.items()}
    given = {name for name, value in user.items() if value is not None}
    names = {**_LINES, **_TEXTS, "profile_url": "profile_deep_link"}
    return {field: value for field, value in kept.items() if names.get(field, field) in given}
