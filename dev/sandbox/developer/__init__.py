"""stub"""
blueprints = ()
