import gzip
import hashlib
import hmac
import json
import zlib

from odoo.tests import tagged

from ... import const
from ..common import APP_SECRET, TiktokHttpCommon, body, entry, next_uid


def pack(content):
    return gzip.compress(json.dumps(content).encode())


@tagged("post_install", "-at_install")
class TestWebhookTransport(TiktokHttpCommon):
    """How bodies are packed and framed, over HTTP."""

    def post_packed(self, raw, encoding, **headers):
        """Post a body as it is.

        :param bytes raw: of the request
        :param str encoding: Content-Encoding, empty for none
        :param str headers: more of them, with _ for -
        """
        found = {name.replace("_", "-"): value for name, value in headers.items()}
        if encoding:
            found["Content-Encoding"] = encoding
        return self.post(None, raw=raw, headers=found)

    def stored(self):
        return self.events.search([("company_id", "=", self.company.id)])

    def test_packed_body_becomes_a_lead(self):
        for encoding, compress in (
            ("gzip", gzip.compress),
            ("x-gzip", gzip.compress),
            ("", gzip.compress),
            ("deflate", zlib.compress),
            ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
        ):
            with self.subTest(encoding=encoding):
                uid = next_uid()
                raw = compress(json.dumps(body(entry(uid))).encode())
                self.assertEqual(self.post_packed(raw, encoding).status_code, 200)
                self.process()
                self.assertEqual(self.lead(uid).contact_name, "Ana Pérez")

    def test_unknown_encoding_is_refused_and_not_stored(self):
        packed = pack(body(entry()))
        for raw, encoding in (
            (b"nonsense", "br"),
            (packed, "zstd"),
            (packed[:-9], "gzip"),
            (b"\x1f\x8bnonsense", ""),
            (b"nonsense", "deflate"),
        ):
            with self.subTest(encoding=encoding):
                self.assertEqual(self.post_packed(raw, encoding).status_code, 415)
        self.assertFalse(self.stored())

    def test_body_that_grows_over_the_limit_is_refused(self):
        raw = gzip.compress(bytes(const.MAX_WEBHOOK_BYTES + 1))
        self.assertLess(len(raw), 20_000)
        self.assertEqual(self.post_packed(raw, "gzip").status_code, 413)
        self.assertFalse(self.stored())

    def test_signature_of_the_packed_or_the_unpacked_body_is_valid(self):
        self.company.tiktok_app_secret = APP_SECRET
        for signs_packed in (True, False):
            with self.subTest(signs_packed=signs_packed):
                uid = next_uid()
                plain = json.dumps(body(entry(uid))).encode()
                packed = gzip.compress(plain)
                signed = packed if signs_packed else plain
                header = hmac.new(APP_SECRET.encode(), signed, hashlib.sha256).hexdigest()
                self.post_packed(packed, "gzip", X_Open_Signature=header)
                self.assertEqual(self.event(uid).verification, "both")

    def test_wrong_signature_of_a_packed_body_is_noted(self):
        self.company.tiktok_app_secret = APP_SECRET
        uid = next_uid()
        self.post_packed(pack(body(entry(uid))), "gzip", X_Open_Signature="0" * 64)
        self.assertEqual(self.event(uid).signature, "wrong")

    def test_packed_form_becomes_a_lead(self):
        uid = next_uid()
        raw = gzip.compress(f"lead_id={uid}&full_name=Ana&email=ana%40example.com".encode())
        kind = "application/x-www-form-urlencoded"
        self.assertEqual(self.post_packed(raw, "gzip", Content_Type=kind).status_code, 200)
        self.process()
        self.assertEqual(self.lead(uid).email_from, "ana@example.com")

    def test_nested_names_of_a_form_become_a_lead(self):
        uid = next_uid()
        raw = f"lead[id]={uid}&lead[full_name]=Ana&answers[0][name]=Rooms&answers[0][value]=2"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self.post(None, raw=raw.encode(), headers=kind)
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Ana")
        self.assertIn("Rooms: 2", self.lead(uid).tiktok_answers)

    def test_json_in_a_file_of_a_multipart_body_becomes_a_lead(self):
        uid = next_uid()
        query = f"company_id={self.company.id}&token={self.company.tiktok_webhook_token}"
        content = json.dumps(body(entry(uid)))
        for name, mimetype in (("lead.json", "application/json"), ("data", "text/plain")):
            with self.subTest(name=name):
                files = {"file": (name, content, mimetype), "note": (None, "x")}
                response = self.url_open(f"{const.LEAD_WEBHOOK_ROUTE}?{query}", files=files)
                self.assertEqual(response.status_code, 200)
                self.process()
                self.assertEqual(self.lead(uid).contact_name, "Ana Pérez")

    def test_packed_multipart_body_becomes_a_lead(self):
        uid = next_uid()
        parts = {"lead_id": str(uid), "full_name": "Ana", "phone": "+56911112222"}
        lines = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in parts.items()
        ]
        raw = gzip.compress("".join([*lines, "--b--\r\n"]).encode())
        kind = "multipart/form-data; boundary=b"
        self.assertEqual(self.post_packed(raw, "gzip", Content_Type=kind).status_code, 200)
        self.process()
        self.assertEqual(self.lead(uid).phone, "+56911112222")

    def test_multipart_body_that_is_damaged_is_stored_and_fails(self):
        kind = "multipart/form-data"
        self.assertEqual(self.post_packed(b"nonsense", "", Content_Type=kind).status_code, 200)
        self.assertEqual(self.stored().reason, "not_json")

    def test_declared_alphabet_is_read(self):
        uid = next_uid()
        content = json.dumps({"lead_id": str(uid), "name": "Zoë"}, ensure_ascii=False)
        kind = "application/json; charset=iso-8859-1"
        self.post_packed(content.encode("latin-1"), "", Content_Type=kind)
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Zoë")

    def test_the_answer_sets_no_cookie_of_a_campaign(self):
        token = self.company.tiktok_webhook_token
        query = f"company_id={self.company.id}&token={token}&utm_campaign=any&utm_source=any"
        response = self.post(body(entry()), query=query)
        self.assertEqual(response.status_code, 200)
        self.assertFalse(response.headers.get("Set-Cookie"))

    def test_a_delivery_is_received_at_the_address_with_and_without_a_slash(self):
        for path in (const.LEAD_WEBHOOK_ROUTE, const.LEAD_WEBHOOK_ROUTE.rstrip("/")):
            uid = next_uid()
            query = f"company_id={self.company.id}&token={self.company.tiktok_webhook_token}"
            data = json.dumps(body(entry(uid))).encode()
            self.assertEqual(self.url_open(f"{path}?{query}", data=data).status_code, 200)
            self.env.invalidate_all()
            self.assertTrue(self.event(uid))
            self.assertEqual(self.url_open(path).headers["Content-Type"][:10], "text/plain")
