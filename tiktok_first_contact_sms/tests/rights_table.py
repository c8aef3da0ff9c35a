"""Who may read and write each field of this addon.

The letters are those of rights_table.py of tiktok_leadgen.
"""

TABLE = """
res.company
    read MA
        tiktok_message_sms tiktok_sms_template_id
    write A
        tiktok_message_sms tiktok_sms_template_id
tiktok.form
    read SMA
        first_sms_template_id
    write MA
        first_sms_template_id
"""
