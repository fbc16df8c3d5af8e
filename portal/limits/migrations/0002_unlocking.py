"""Who may unlock what was suspended."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("limits", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="counter",
            options={
                "ordering": ["-last_try_at"],
                "permissions": [
                    ("unlock_sign_in", "Débloquer une connexion"),
                    ("unlock_opening", "Débloquer une ouverture"),
                ],
                "verbose_name": "compteur",
                "verbose_name_plural": "compteurs",
            },
        ),
    ]
