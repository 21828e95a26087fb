"""Who opens the lists and sheets of a Durchgang.

Each list has the rule of its own room; these are for what only this room has.
"""

import rules

from programmes.cycles.permissions import house_takes_part, inside_council, runs_logistics

rules.add_rule("sheets.lists", inside_council | runs_logistics | house_takes_part)
rules.add_rule("sheets.contacts", inside_council | runs_logistics | house_takes_part)
rules.add_rule("sheets.print", inside_council | runs_logistics)
