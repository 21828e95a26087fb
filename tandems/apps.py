from mentoring.rooms import WingConfig


class TandemsConfig(WingConfig):
    name = "tandems"
    verbose_name = "Vertraulicher Teil"
    rooms = (
        "profiles",
        "links",
        "applications",
        "imports",
        "selection",
        "places",
        "mentors",
        "pairs",
        "matching",
        "suggestions",
        "reveal",
        "meetings",
        "portal",
        "demo",
    )
