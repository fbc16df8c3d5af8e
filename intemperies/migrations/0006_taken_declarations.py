"""Which declarations a batch holds, and in which state each was taken."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intemperies", "0005_rates_are_fractions"),
    ]

    operations = [
        migrations.CreateModel(
            name="TakenDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Brouillon"),
                            ("sent", "Envoyée"),
                            ("cancelled", "Annulée"),
                            ("replaced", "Remplacée"),
                        ],
                        max_length=10,
                        verbose_name="état pris",
                    ),
                ),
                (
                    "stoppage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="intemperies.stoppage",
                        verbose_name="arrêt intempéries",
                    ),
                ),
                (
                    "taking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="intemperies.taking",
                        verbose_name="lot",
                    ),
                ),
            ],
            options={
                "verbose_name": "déclaration d’un lot",
                "verbose_name_plural": "déclarations d’un lot",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("taking", "stoppage"), name="taken_declaration_once_a_batch"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("sent", "cancelled", "replaced"))),
                        name="taken_declaration_state",
                    ),
                ],
            },
        ),
    ]
