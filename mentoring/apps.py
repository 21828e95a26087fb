from mentoring.rooms import WingConfig


class MentoringConfig(WingConfig):
    name = "mentoring"
    verbose_name = "Grundlagen"
    rooms = ("log", "ui", "files", "jobs", "accounts")
