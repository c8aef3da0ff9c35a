"""Parse the profile of a TikTok user into values of fields.

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


def parse_profile(user):
    """Parse a profile; fields that TikTok does not give, for lack of a permission, are omitted.

    :param dict user: of `display.DisplayApi.request_user`
    :return: values by the name of the field
    :rtype: dict
    """
    parsed = {field: values.format_line(user.get(name)) for field, name in _LINES.items()}
    parsed |= {field: values.join_texts(user.get(name)) for field, name in _TEXTS.items()}
    parsed["profile_url"] = video.parse_link(user.get("profile_deep_link"))
    parsed["is_verified"] = user.get("is_verified") is True
    parsed |= {name: video.parse_count(user.get(name), most) for name, most in _COUNTS.items()}
    given = {name for name, value in user.items() if value is not None}
    names = {**_LINES, **_TEXTS, "profile_url": "profile_deep_link"}
    return {field: value for field, value in parsed.items() if names.get(field, field) in given}
