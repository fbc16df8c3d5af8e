from django.db import migrations, models

import portal.clock


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Sms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="genre")),
                ("number", models.CharField(max_length=16, verbose_name="numéro")),
                ("text", models.TextField(verbose_name="texte")),
                ("secret", models.CharField(blank=True, editable=False, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "En attente"),
                            ("sent", "Envoyé"),
                            ("delivered", "Remis"),
                            ("refused", "Refusé"),
                            ("uncertain", "Incertain"),
                            ("abandoned", "Abandonné"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("created_at", models.DateTimeField(default=portal.clock.now, verbose_name="écrit le")),
                ("expires_at", models.DateTimeField(verbose_name="utile jusqu’au")),
                (
                    "next_try_at",
                    models.DateTimeField(default=portal.clock.now, verbose_name="prochain essai"),
                ),
                ("claimed_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="essais")),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="dernière erreur")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=100, verbose_name="référence de l’opérateur"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="envoyé le")),
            ],
            options={
                "verbose_name": "SMS",
                "verbose_name_plural": "SMS",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_try_at"], name="sms_to_send"
                    ),
                    models.Index(
                        condition=models.Q(("state", "sent")), fields=["next_try_at"], name="sms_to_follow"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("secret", ""), _connector="OR"),
                        name="settled_sms_is_blanked",
                    )
                ],
            },
        ),
    ]
