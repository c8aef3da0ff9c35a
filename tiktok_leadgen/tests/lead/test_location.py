import collections

from odoo.tests import tagged
from odoo.tools import remove_accents

from ...tiktok.states import find_state
from ..common import TiktokCommon, entry


@tagged("post_install", "-at_install")
class TestLocation(TiktokCommon):
    """The country and the state that an answer names."""

    def answer(self, **answers):
        return self.make(answers={"name": "Ana", **answers})

    def find(self, *names):
        return self.env["tiktok.location"]._search_countries(set(names))

    def test_a_country_is_known_in_any_language_by_short_name_and_by_code(self):
        wanted = {
            **dict.fromkeys(("Chile", "CHILE", "cl", "CL", "تشيلي", "Чили", "智利"), "base.cl"),
            **dict.fromkeys(("UAE", "الإمارات", "ОАЭ", "Dubai, UAE"), "base.ae"),
            **dict.fromkeys(("UK", "England", "United Kingdom"), "base.uk"),
            **dict.fromkeys(("Turkey", "Türkiye"), "base.tr"),
        }
        found = self.find(*wanted)
        self.assertEqual(found, {name: self.env.ref(ref).id for name, ref in wanted.items()})

    def test_countries_of_a_batch_are_found_in_one_query(self):
        self.find("Chile", "UAE")
        with self.assertQueryCount(1):
            self.find("Chile", "UAE", "KSA", "Казахстан")

    def test_a_country_is_known_by_the_name_that_a_user_gave_it(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.env.ref("base.de").with_context(lang="es_ES").name = "Tierra de Ana"
        self.env["res.country"].create({"name": "Freedonia", "code": "QF"})
        self.assertEqual(self.find("tierra de ana"), {"tierra de ana": self.env.ref("base.de").id})
        self.assertTrue(self.find("freedonia")["freedonia"])

    def test_an_unknown_country_stays_among_the_answers(self):
        for text in ("Atlantis", "xx", "%", "_____", "C%", "Congo", "no"):
            lead = self.answer(country=text)
            self.assertFalse(lead.country_id)
            self.assertIn(f"country: {text}", lead.tiktok_answers)

    def test_a_state_is_known_by_name_and_code_within_its_country(self):
        texas = self.env.ref("base.state_us_44")
        for state in ("Texas", "TX", "texas", "State of Texas", "US-TX"):
            self.assertEqual(self.answer(state=state, country="United States").state_id, texas)
        self.assertFalse(self.answer(province="Texas").state_id)
        for text in ("%", "T____"):
            self.assertFalse(self.answer(state=text, country="US").state_id)

    def test_a_state_is_known_in_the_languages_of_its_country(self):
        for country, state, ref in (
            ("UAE", "دبي", "base.state_ae_du"),
            ("الإمارات", "إمارة أبوظبي", "base.state_ae_az"),
            ("Russia", "Московская область", "base.state_ru_mos"),
            ("Germany", "Bavaria", "base.state_de_by"),
            ("Japan", "Tokyo", "base.state_jp_jp-13"),
        ):
            lead = self.answer(country=country, state=state)
            self.assertEqual(lead.state_id, self.env.ref(ref), state)

    def test_each_state_of_odoo_is_found_and_never_another(self):
        results, wrong = collections.Counter(), []
        for country in self.env["res.country.state"].search([]).country_id:
            states, code = self.env["tiktok.location"]._list_states(country.id)
            for state in self.env["res.country.state"].browse([each[0] for each in states]):
                for text in (state.name, state.name.upper(), remove_accents(state.name)):
                    found = find_state(text, states, code)
                    kind = "right" if found == state.id else "wrong" if found else "kept"
                    results[kind] += 1
                    wrong += [(code, text)] if kind == "wrong" else []
        # One state in two languages, such as Zürich and Zurich, is found by either name.
        self.assertFalse([each for each in wrong if each[0] != "CH"])
        self.assertLess(len(wrong), 4)
        self.assertGreater(results["right"], 0.97 * results.total())
        self.assertGreater(results.total(), 5_000)

    def test_a_state_is_looked_for_in_the_forms_country_then_in_the_companys(self):
        form = self.make(page_id=31).tiktok_form_id
        form.default_country_id = self.env.ref("base.us")
        for text, ref in (("Texas", "base.us"), ("Valparaíso", "base.cl")):
            lead = self.make(page_id=31, answers={"state": text})
            self.assertEqual(lead.country_id, self.env.ref(ref), text)
            self.assertTrue(lead.state_id)

    def test_leads_of_several_countries_in_one_delivery(self):
        texts = ("KSA", "الكويت", "nowhere", "Russia")
        entries = [entry(answers={"country": text}) for text in texts]
        self.receive(*entries)
        self.process()
        codes = [self.lead(each["id"]).country_id.code for each in entries]
        self.assertEqual(codes, ["SA", "KW", False, "RU"])
