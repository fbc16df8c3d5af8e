import django.db.models.deletion
from django.db import migrations, models

import portal.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [("messaging", "0010_sms")]

    operations = [
        migrations.CreateModel(
            name="SmsCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=80)),
                ("purpose", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=16)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=portal.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "sms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="messaging.sms"
                    ),
                ),
            ],
            options={
                "verbose_name": "code envoyé par SMS",
                "verbose_name_plural": "codes envoyés par SMS",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("holder", "purpose"), name="one_sms_code_per_holder_and_purpose"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tries__lte", 5)), name="sms_code_tries_are_counted"
                    ),
                ],
            },
        ),
    ]
