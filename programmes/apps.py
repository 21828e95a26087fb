from mentoring.rooms import WingConfig


class ProgrammesConfig(WingConfig):
    name = "programmes"
    verbose_name = "Programme"
    rooms = ("organisations", "people", "outbox", "cycles")
