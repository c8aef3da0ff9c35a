import requests

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.common import TiktokHttpCommon

TOKEN = "Fake0Token1Fake2Token3Fake4Token"
OTHER = "fake5token6fake7token8fake9token"
TEXT = f"tiktok-developers-site-verification={TOKEN}"
BASE = "https://brand.example.com"


@tagged("post_install", "-at_install")
class TestDomainFile(TiktokHttpCommon):
    """The file that shows TikTok whose the address is, and what is wrong with it."""

    answer = None
    asked = []

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.env["tiktok.domain.file"].with_user(cls.manager)
        cls.file = cls.files.create({"token": TOKEN, "company_id": cls.company.id})

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        if not request.url.startswith("https://"):
            return super()._request_handler(session, request, **kwargs)
        cls.asked.append(request.url)
        if isinstance(cls.answer, Exception):
            raise cls.answer
        status, content, headers = cls.answer
        response = requests.Response()
        response.status_code, response._content = status, content.encode()
        response._content_consumed = True
        response.headers.update(headers)
        return response

    def check(self, answer, base=BASE):
        """Press the button, with what Odoo's own address answers; return what it says."""
        type(self).answer, type(self).asked = answer, []
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", base)
        said = self.file.action_check()["params"]
        self.assertEqual(said["type"], "danger" if self.file.problem else "success")
        self.assertEqual(self.file.state, "bad" if self.file.problem else "good")
        self.assertTrue(self.file.checked_at)
        return self.file.problem or ""

    def test_file_is_public_without_a_redirect(self):
        self.files.create({"token": OTHER, "company_id": self.company.id})
        for token in (TOKEN, OTHER):
            answer = self.url_open(f"/tiktok{token}.txt", allow_redirects=False)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.text, f"tiktok-developers-site-verification={token}")
            self.assertEqual(answer.headers["Content-Type"], "text/plain; charset=utf-8")
            self.assertNotIn("Set-Cookie", answer.headers)

    def test_other_files_are_not_served(self):
        for token in ("x" * 32, TOKEN.lower(), f"{TOKEN}%00", "%25", ""):
            self.assertEqual(self.url_open(f"/tiktok{token}.txt").status_code, 404)

    def test_token_is_read_from_any_pasted_text(self):
        self.file.unlink()
        for pasted in (
            *(TOKEN, f"tiktok{TOKEN}.txt", f" {TEXT}\n"),
            f"https://brand.example.com/tiktok{TOKEN}.txt",
        ):
            file = self.files.create({"token": pasted, "company_id": self.company.id})
            self.assertEqual(file.token, TOKEN)
            file.unlink()
        for pasted in ("", "tiktok.txt", "<script>", "../../etc/passwd", "жжжжжжжжжжжжжжжжжжжж"):
            with self.assertRaises(ValidationError):
                self.files.create({"token": pasted, "company_id": self.company.id})

    def test_correct_file_is_accepted(self):
        self.assertEqual(self.check((200, f"{TEXT}\n", {})), "")
        self.assertEqual(self.asked, [f"{BASE}/tiktok{TOKEN}.txt"])

    def test_problems_are_explained(self):
        for answer, words in (
            ((301, "", {"Location": "https://www.example.com/"}), "https://www.example.com/"),
            ((404, "", {}), "HTTP 404"),
            ((500, "", {}), "HTTP 500"),
            ((200, "<html>Welcome</html>", {}), "Another page"),
            (requests.exceptions.SSLError(), "certificate"),
            (requests.exceptions.ReadTimeout(), "in time"),
            (requests.exceptions.ConnectionError(), "cannot be reached"),
        ):
            self.assertIn(words, self.check(answer))

    def test_invalid_url_is_not_requested(self):
        for base, words in (
            ("http://brand.example.com", "begin with https://"),
            ("http://127.0.0.1:8069", "begin with https://"),
            ("https://192.0.2.7", "not accept IP addresses"),
            ("https://[2001:db8::1]", "not accept IP addresses"),
            ("https://odoo.local", "internal network"),
            ("https://localhost", "internal network"),
        ):
            self.assertIn(words, self.check((200, TEXT, {}), base))
            self.assertEqual(self.asked, [])

    def test_changed_token_resets_the_check(self):
        self.check((200, TEXT, {}))
        self.file.token = OTHER
        self.assertEqual(self.file.state, "unchecked")

    def test_access_rights(self):
        with self.assertRaises(AccessError):
            self.file.with_user(self.salesman).action_check()
        with self.assertRaises(AccessError):
            self.file.with_user(self.stranger).read(["token"])
