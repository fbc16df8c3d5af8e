from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_code_requests")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="certified_mobile",
            field=models.CharField(blank=True, default="", editable=False, max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="user",
            name="mobile_certified_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="mobile certifié le"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("certified_mobile", ""), ("mobile_certified_at__isnull", True)),
                    models.Q(
                        ("certified_mobile", models.F("mobile")),
                        ("mobile_certified_at__isnull", False),
                        models.Q(("certified_mobile", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="certified_mobile_is_the_mobile",
            ),
        ),
    ]
