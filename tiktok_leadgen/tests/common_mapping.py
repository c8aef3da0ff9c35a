from .common import TiktokCommon


class MappingCommon(TiktokCommon):
    """A form that asks questions of its own."""

    def question(self, name, lead=None):
        """Return the row of a question, of the last form."""
        domain = [("name", "=", name), ("company_id", "=", self.company.id)]
        return self.env["tiktok.form.question"].search(domain, order="id desc", limit=1)

    def send(self, question, field, *answers):
        """Map a question to a field, then make a lead of each answer.

        :return: crm.lead
        """
        self.make(answers={"name": "Ana", question: "?"})
        row = self.question(question).with_user(self.manager)
        row.write({"target": "field", "field_name": field})
        return self.leads.union(
            *(self.make(answers={"name": "Ana", question: answer}) for answer in answers)
        )

    def get_reasons(self, lead):
        """Return the reasons why answers of a lead are in no field."""
        return [reason for _question, reason, _field in lead.tiktok_mapping_notes or ()]
