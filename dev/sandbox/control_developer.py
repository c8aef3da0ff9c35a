"""stub"""
class DeveloperControl:
    def describe_developer(self):
        return {}
