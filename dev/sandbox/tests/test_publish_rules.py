"""Who may post, how often, and what becomes of drafts (contract, sections 6.1, 6.4, 6.5, 6.8)."""

import pytest

from dev.sandbox.handle import SandboxError
from dev.sandbox.tests.clients import fine, wrong
from dev.sandbox.tests.test_publish import CANCEL, DAY, INFO, STATUS, init, posted, site

__all__ = ["site"]  # a fixture


def test_unaudited_apps(developer, site):
    code = (403, "unaudited_client_can_only_post_to_private_accounts")
    developer.tiktok.set_app(client_key=developer.key, audited=False)
    assert wrong(init(developer)) == code
    assert wrong(init(developer, privacy_level="SELF_ONLY")) == code
    developer.login(developer.PRIVATE)
    assert wrong(init(developer, privacy_level="FOLLOWER_OF_CREATOR")) == code
    fine(init(developer, privacy_level="SELF_ONLY"))


def test_an_unaudited_app_has_five_users_a_day(developer, site):
    developer.tiktok.set_app(client_key=developer.key, audited=False)
    for number in range(6):
        developer.tiktok.create_creator(username=f"c{number}", private=True)
        developer.login(f"c{number}")
        answer = init(developer, privacy_level="SELF_ONLY")
        if number < 5:
            fine(answer)
    assert wrong(answer) == (403, "reached_active_user_cap")


def test_privacy_must_be_one_of_the_options(developer, site):
    assert wrong(init(developer, privacy_level="FOLLOWER_OF_CREATOR")) == (
        403, "privacy_level_option_mismatch",
    )  # fmt: skip


def test_creator_info(developer, site):
    info = fine(developer.post(INFO))
    assert info["privacy_level_options"] == [
        "PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY",
    ]  # fmt: skip
    assert info["creator_username"] == developer.PUBLIC
    assert info["max_video_post_duration_sec"] == 600
    developer.login(developer.PRIVATE)
    assert fine(developer.post(INFO))["privacy_level_options"][0] == "FOLLOWER_OF_CREATOR"


def test_spam_answers_of_creator_info_come_with_200(developer, site):
    set_creator = developer.tiktok.set_creator
    set_creator(username=developer.PUBLIC, banned=True)
    assert wrong(developer.post(INFO)) == (200, "spam_risk_user_banned_from_posting")
    assert wrong(init(developer)) == (403, "spam_risk_user_banned_from_posting")
    set_creator(username=developer.PUBLIC, banned=False, spam="reached_active_user_cap")
    assert wrong(developer.post(INFO)) == (200, "reached_active_user_cap")
    set_creator(username=developer.PUBLIC, spam="spam_risk_text")
    assert posted(developer)["fail_reason"] == "spam_risk_text"


def test_fifteen_posts_a_day(developer, site):
    for number in range(16):
        answer = init(developer)
        if number < 15:
            fine(answer)
        developer.tiktok.advance(20)
    assert wrong(answer) == (403, "spam_risk_too_many_posts")
    assert wrong(developer.post(INFO)) == (200, "spam_risk_too_many_posts")
    developer.tiktok.advance(DAY)
    developer.login()
    fine(init(developer))


def test_six_inits_twenty_infos_thirty_states_a_minute(developer, site):
    for _number in range(6):
        publish_id = fine(init(developer))["publish_id"]
    assert wrong(init(developer)) == (429, "rate_limit_exceeded")
    for _number in range(20):
        fine(developer.post(INFO))
    assert wrong(developer.post(INFO)) == (429, "rate_limit_exceeded")
    for _number in range(30):
        fine(developer.post(STATUS, {"publish_id": publish_id}))
    assert wrong(developer.post(STATUS, {"publish_id": publish_id}))[0] == 429
    developer.tiktok.advance(60)
    fine(init(developer))


def test_scopes(developer, site):
    developer.login(scopes=["user.info.basic", "video.upload"])
    assert wrong(init(developer)) == (401, "scope_not_authorized")
    assert wrong(developer.post(INFO)) == (401, "scope_not_authorized")
    fine(init(developer, mode="MEDIA_UPLOAD"))


def test_drafts(developer, site):
    draft = posted(developer, mode="MEDIA_UPLOAD")
    assert draft["status"] == "SEND_TO_USER_INBOX"
    developer.tiktok.finish_draft(draft["publish_id"])
    developer.tiktok.advance(30)
    found = fine(developer.post(STATUS, {"publish_id": draft["publish_id"]}))
    assert found["status"] == "PUBLISH_COMPLETE"
    assert len(found["publicaly_available_post_id"]) == 1


def test_five_drafts_wait_at_most(developer, site):
    for number in range(6):
        answer = init(developer, mode="MEDIA_UPLOAD")
        if number < 5:
            fine(answer)
        developer.tiktok.advance(20)
    assert wrong(answer) == (403, "spam_risk_too_many_pending_share")


def test_drafts_of_unaudited_and_old_apps(developer, site):
    developer.tiktok.set_app(client_key=developer.key, audited=False)
    fine(init(developer, mode="MEDIA_UPLOAD"))
    developer.tiktok.set_settings(unaudited_upload="private_only")
    assert wrong(init(developer, mode="MEDIA_UPLOAD"))[0] == 403
    developer.tiktok.set_creator(username=developer.PUBLIC, old_app=True)
    assert wrong(init(developer, mode="MEDIA_UPLOAD")) == (400, "app_version_check_failed")


def test_status_of_unknown_and_foreign_posts(developer, site):
    assert wrong(developer.post(STATUS, {"publish_id": "x"})) == (400, "invalid_publish_id")
    assert wrong(developer.post(STATUS, {})) == (400, "invalid_publish_id")
    publish_id = fine(init(developer))["publish_id"]
    developer.login(developer.PRIVATE)
    for path in (STATUS, CANCEL):
        assert wrong(developer.post(path, {"publish_id": publish_id})) == (
            400, "token_not_authorized_for_specified_publish_id",
        )  # fmt: skip


def test_a_publish_id_may_be_forgotten(developer, site):
    developer.tiktok.set_settings(publish_id_days=1, token_life="24h/365d")
    found = posted(developer)
    developer.tiktok.advance(2 * DAY)
    developer.login()
    call = {"publish_id": found["publish_id"]}
    assert wrong(developer.post(STATUS, call)) == (400, "invalid_publish_id")


def test_cancel(developer, site):
    call = {"publish_id": fine(init(developer))["publish_id"]}
    fine(developer.post(CANCEL, call))
    assert fine(developer.post(STATUS, call))["fail_reason"] == "publish_cancelled"
    done = {"publish_id": posted(developer)["publish_id"]}
    assert wrong(developer.post(CANCEL, done)) == (400, "publish_not_cancellable")


def test_a_draft_may_grow_old(developer, site):
    developer.tiktok.set_settings(draft_life_days=1)
    draft = posted(developer, mode="MEDIA_UPLOAD")["publish_id"]
    developer.tiktok.advance(2 * DAY)
    with pytest.raises(SandboxError, match="too old"):
        developer.tiktok.finish_draft(draft)


def test_posts_per_day_and_moderation_as_switched(developer, site):
    developer.tiktok.set_settings(posts_per_day=1, moderation_seconds=3600)
    assert posted(developer, seconds=60)["publicaly_available_post_id"] == []
    assert wrong(init(developer)) == (403, "spam_risk_too_many_posts")


def test_json_needs_its_charset(developer, site):
    bare = developer.post(STATUS, {"publish_id": "p"}, content_type="application/json")
    assert wrong(bare) == (400, "invalid_param")
    assert "charset=UTF-8" in bare.json()["error"]["message"]
    assert wrong(developer.post(STATUS, {"publish_id": "p"})) == (400, "invalid_publish_id")
