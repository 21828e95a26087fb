from mentoring.rooms import WingConfig


class TandemsConfig(WingConfig):
    name = "tandems"
    verbose_name = "Vertraulicher Teil"
    rooms = ("applications", "demo")
