"""What this room adds to earlier ones."""

from mentoring.ui.navigation import navigation, start_items
from programmes.roadmap.registries import feed_entries
from programmes.rundmails.registries import audiences, placeholders
from tandems.applications.registries import application_sections
from tandems.mentors.registries import mentor_sections
from tandems.portal import house_sections, rundmails, start

navigation.add("portal", start.navigation_items, order=10)
start_items.add("portal", start.due, order=140)
feed_entries.add("meetings of the own tandem", start.feed)
application_sections.add("tandem", house_sections.of_application, order=5)
mentor_sections.add("tandem", house_sections.of_mentor, order=5)
audiences.add("tandems", rundmails.REVEALED, order=36)
placeholders.add("tandem_partner", rundmails.PARTNER, order=60)
placeholders.add("tandem_kontakt", rundmails.CONTACT, order=61)
