from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tandems", "0003_consents_and_exclusions")]

    operations = [
        migrations.RemoveField(model_name="application", name="consent_on"),
        migrations.RemoveField(model_name="application", name="excluded"),
    ]
