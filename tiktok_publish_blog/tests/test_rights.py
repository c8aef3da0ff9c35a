from odoo.tests import tagged

from odoo.addons.tiktok_publish.tests import test_rights

# As in rights_table.py of tiktok_leadgen; U publishes, W writes articles, both without Sales.
TABLE = """
blog.blog
    read MUAX
        tiktok_channel_ids
blog.post
    read ISMDUWAX
        tiktok_choice tiktok_is_breaking tiktok_lang tiktok_tag_order
    read MUAX
        tiktok_account_id tiktok_lead_count tiktok_pictures tiktok_post_ids tiktok_problem
        tiktok_text tiktok_title
    write DW
        tiktok_choice tiktok_is_breaking tiktok_lang tiktok_tag_order
    call MAX
        action_tiktok_leads
    call MUA
        action_tiktok_prepare action_tiktok_publish
tiktok.blog.channel
    read MUA
        account_id allow_comment auto_add_music blog_id company_id consent consent_at
        consent_user_id is_automatic is_branded_content is_disclosed is_own_brand lang post_mode
        privacy_level
    write A
        account_id allow_comment auto_add_music blog_id consent is_automatic is_branded_content
        is_disclosed is_own_brand lang post_mode privacy_level
tiktok.post
    read MUA
        article_choice article_digest article_published blog_post_id chosen_at follows_article
        is_automatic lang pictures_note with_article
    write MUA
        article_choice article_digest article_published blog_post_id chosen_at lang pictures_note
        with_article
    call MUA
        action_cancel action_take_article action_view_article action_with_article
tiktok.post.template
    read MUA
        body brand_hashtags breaking_hashtag company_id is_default lang language_hashtag preview
        preview_title preview_units sample_id title use_blog use_tags
    write MUA
        body brand_hashtags breaking_hashtag company_id is_default lang language_hashtag preview
        preview_title preview_units sample_id title use_blog use_tags
"""


@tagged("post_install", "-at_install")
class TestBlogRights(test_rights.PublishWalk):
    """Every field and every public method of this addon."""

    addon = "tiktok_publish_blog"
    table = TABLE
    groups = {**test_rights.PublishWalk.groups, "W": "website.group_website_designer"}

    def setUp(self):
        super().setUp()
        account = self.records["tiktok.account"]
        blog = self.env["blog.blog"].create({"name": "Living room"})
        article = self.env["blog.post"].create(
            {"name": "A new sofa", "blog_id": blog.id, "tiktok_account_id": account.id}
        )
        channel = self.env["tiktok.blog.channel"].create(
            {"blog_id": blog.id, "account_id": account.id}
        )
        self.records["tiktok.post"].blog_post_id = article
        for record in (blog, article, channel):
            self.records[record._name] = record

    def test_access_rights_of_fields_and_methods(self):
        self.assert_table()

    def test_relations_stay_in_the_company(self):
        self.assert_company_unchanged()
