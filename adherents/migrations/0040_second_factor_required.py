from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("adherents", "0003_index_of_folded_names")]
    operations = [
        migrations.AddField(
            model_name="site",
            name="second_factor_required",
            field=models.BooleanField(db_default=False, default=False, verbose_name="second facteur exigé"),
        )
    ]
