from flask import Blueprint
a = Blueprint("apps", __name__, url_prefix="/apps")
c = Blueprint("creators", __name__, url_prefix="/creators")
s = Blueprint("switchboard", __name__, url_prefix="/switchboard")
@a.get("/")
def index(): return ""
@c.get("/", endpoint="index")
def i2(): return ""
@c.get("/<username>")
def feed(username): return ""
@s.get("/", endpoint="index")
def i3(): return ""
