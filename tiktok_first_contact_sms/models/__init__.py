from . import res_company
from . import tiktok_first_message
from . import tiktok_form
