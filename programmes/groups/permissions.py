"""Who forms the groups of a Vernetzungstreffen: the Beirat."""

import rules

from programmes.cycles.permissions import inside_council

rules.add_rule("groups.form", inside_council)
