import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.clock


class Migration(migrations.Migration):
    dependencies = [("accounts", "0030_address_changes")]
    operations = [
        migrations.CreateModel(
            name="Factor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("totp", "Application d’authentification"), ("passkey", "Clé d’accès")],
                        max_length=7,
                        verbose_name="genre",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nom")),
                ("created_at", models.DateTimeField(default=portal.clock.now, verbose_name="ajouté le")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="dernier usage")),
                ("seed", models.TextField(blank=True, editable=False)),
                ("last_step", models.BigIntegerField(default=0, editable=False)),
                ("credential_id", models.CharField(editable=False, max_length=1400, null=True, unique=True)),
                ("public_key", models.TextField(blank=True, editable=False)),
                ("sign_count", models.BigIntegerField(default=0, editable=False)),
                ("transports", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factors",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
            ],
            options={
                "verbose_name": "second facteur",
                "verbose_name_plural": "seconds facteurs",
                "ordering": ["created_at", "pk"],
                "permissions": [("reset_second_factor", "Peut réinitialiser le second facteur d’un compte")],
            },
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("credential_id__isnull", True),
                        ("kind", "totp"),
                        ("public_key", ""),
                        models.Q(("seed", ""), _negated=True),
                    ),
                    models.Q(
                        ("credential_id__isnull", False),
                        ("kind", "passkey"),
                        ("seed", ""),
                        models.Q(("public_key", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="factor_is_an_app_or_a_passkey",
            ),
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=portal.clock.now)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "code de récupération",
                "verbose_name_plural": "codes de récupération",
                "ordering": ["pk"],
            },
        ),
    ]
