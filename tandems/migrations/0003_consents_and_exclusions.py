"""Carry consents and exclusions over into rows of their own.

Apart from the removal of the old columns: PostgreSQL alters no table in the transaction
that has just written to it.
"""

from django.db import migrations

UNKNOWN = "Der Wortlaut wurde nicht festgehalten: die Einwilligung liegt auf Papier vor."


def carry_over(apps, schema_editor):
    application_model = apps.get_model("tandems", "Application")
    consent_model = apps.get_model("tandems", "Consent")
    exclusion_model = apps.get_model("tandems", "Exclusion")
    consented = application_model.objects.exclude(consent_on=None).order_by("pk")
    # Somebody may have applied twice, after withdrawing; one valid consent is kept.
    in_force_last = sorted(consented, key=lambda row: (row.state != "withdrawn", row.pk))
    newest = {(row.cycle_id, row.person_id): row for row in in_force_last}
    consent_model.objects.bulk_create(
        consent_model(
            cycle_id=cycle, person_id=person, kind="forward", given_on=row.consent_on, text=UNKNOWN
        )
        for (cycle, person), row in newest.items()
    )
    named = application_model.excluded.through.objects.select_related("application")
    exclusion_model.objects.bulk_create(
        exclusion_model(cycle_id=cycle, subject_id=subject, person_id=person)
        for cycle, subject, person in sorted(
            {
                (row.application.cycle_id, row.application.person_id, row.person_id)
                for row in named
                if row.person_id != row.application.person_id
            }
        )
    )


class Migration(migrations.Migration):
    dependencies = [("tandems", "0002_bewerbung_platzvergabe_mentoren")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
