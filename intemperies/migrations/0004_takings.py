"""What the back office took of the declarations."""

from django.db import migrations, models

import portal.clock


class Migration(migrations.Migration):
    dependencies = [
        ("intemperies", "0003_refunds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Taking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=portal.clock.now, verbose_name="prise le")),
                ("by", models.CharField(max_length=150, verbose_name="prise par")),
                ("declarations", models.PositiveIntegerField(verbose_name="déclarations")),
                ("lines", models.PositiveIntegerField(verbose_name="lignes")),
                ("content", models.BinaryField(verbose_name="fichier")),
            ],
            options={
                "verbose_name": "lot d’arrêts pris",
                "verbose_name_plural": "lots d’arrêts pris",
                "ordering": ["-pk"],
                "permissions": [
                    ("take_stoppages", "Peut prendre les arrêts intempéries pour le logiciel de la caisse")
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.AddField(
            model_name="stoppage",
            name="taken_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("draft", "Brouillon"),
                    ("sent", "Envoyée"),
                    ("cancelled", "Annulée"),
                    ("replaced", "Remplacée"),
                ],
                editable=False,
                max_length=10,
                verbose_name="état pris",
            ),
        ),
        migrations.AddConstraint(
            model_name="stoppage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_at__isnull", True), ("taken_state", "")),
                    models.Q(
                        ("taken_at__isnull", False), ("taken_state__in", ("sent", "cancelled", "replaced"))
                    ),
                    _connector="OR",
                ),
                name="stoppage_taken_says_what",
            ),
        ),
    ]
