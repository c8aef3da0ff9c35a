from odoo import Command
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests import rights_walk

from .common import picture

# As in rights_table.py of tiktok_leadgen; U is a publisher without access to Sales.
TABLE = """
res.company
    read A
        tiktok_media_url
    read MA
        tiktok_publish_account_id tiktok_publish_audited
    write A
        tiktok_media_url tiktok_publish_account_id tiktok_publish_audited
res.config.settings
    read -
        tiktok_media_url tiktok_publish_account_id tiktok_publish_audited
tiktok.account
    read MUA
        can_post post_count
    call A
        action_allow_posting
    call MUA
        action_creator_info action_view_posts
tiktok.ad.mixin
    call SMAX
        action_view_leads
tiktok.domain.file
    read MUA
        checked_at company_id file_name prefix problem state token url
    write A
        company_id token
    call A
        action_check
tiktok.ad.entity
    read SMA
        item_asked_at item_uid
tiktok.post
    read MUA
        account_id ad_uids allow_comment attempt_id attempt_ids auto_add_music company_id consent
        consent_at consent_open_id consent_user_id cover creator_username description
        description_units downloaded due_at error error_count fail_reason image_ids is_aigc
        is_audited is_branded_content is_disclosed is_gone is_own_brand is_stopping lead_count
        like_count needs_confirmation next_try_at photo_count poll_at polled_at polls post_mode
        post_uids post_url privacy_level progress publish_uid scheduled_at sent_at state state_label
        status_text title title_units attempt_count user_id video_ids view_count
    write MUA
        account_id ad_uids allow_comment auto_add_music consent cover description description_units
        due_at image_ids is_aigc is_audited is_branded_content is_disclosed is_own_brand lead_count
        like_count photo_count post_mode privacy_level progress scheduled_at state_label
        status_text title title_units user_id video_ids view_count
    call MA
        action_view_leads
    call MUA
        action_cancel action_check_again action_edit action_open_at_tiktok action_poll
        action_publish action_retry action_schedule action_send_again action_was_posted
tiktok.post.attempt
    read -
        media_token_hash
    read MUA
        account_id company_id downloaded ended_at lost_at open_id outcome poll_at polled_at polls
        post_id post_mode post_uids post_url publish_uid reason started_at
tiktok.post.image
    read MUA
        company_id fetched_at image is_cover jpeg jpeg_size name post_id problem problem_code
        sequence thumbnail
    write MUA
        fetched_at image is_cover jpeg jpeg_size name post_id problem_code sequence thumbnail
tiktok.send.permit
    read -
        account_id free_at number
tiktok.video
    read MUA
        ad_uids lead_count
    call MA
        action_view_leads
"""


class PublishWalk(rights_walk.RightsWalk):
    """The walk with a publisher, and posts that can still be changed."""

    addon = "tiktok_publish"
    groups = {**rights_walk.GROUPS, "U": "tiktok_publish.tiktok_publish_group_user"}

    def setUp(self):
        super().setUp()
        company = {"company_id": self.company.id}
        file = self.env["tiktok.domain.file"].create({**company, "token": "a" * 32})
        account = self.env["tiktok.account"].create({**company, "name": "ACME"})
        photo = {"name": "sofa.png", "image": picture()}
        post = self.env["tiktok.post"].create(
            {"account_id": account.id, "title": "Sofa", "image_ids": [Command.create(photo)]}
        )
        for record in (file, account, post, post.image_ids):
            self.records[record._name] = record


@tagged("post_install", "-at_install")
class TestPublishRights(PublishWalk):
    """Every field and every public method of this addon."""

    table = TABLE

    def test_access_rights_of_fields_and_methods(self):
        self.assert_table()

    def test_relations_stay_in_the_company(self):
        self.assert_company_unchanged()
