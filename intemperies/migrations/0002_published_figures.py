"""The figures published so far (docs/bad-weather.md): staff keep them from here on."""

from decimal import Decimal

from django.db import migrations

CAMPAIGNS = [  # start, abattement, heat
    (2023, 90168, None),
    (2024, 93204, Decimal("0.5")),
    (2025, 95040, Decimal("0.5")),
    (2026, 96168, None),
]
CEILINGS = [(2024, 29), (2025, 29), (2026, 30)]


def fill(apps, schema_editor):
    """Write them where there are none."""
    figures, ceilings, exclusions, readings = (
        apps.get_model("intemperies", name)
        for name in ("CampaignFigures", "HourlyCeiling", "SeasonalExclusion", "ReadingChoices")
    )
    figures.objects.bulk_create(
        [
            figures(
                start_year=year,
                abattement=abattement,
                structural_rate=Decimal("0.0068"),
                finishing_rate=Decimal("0.0013"),
                canicule=heat,
            )
            for year, abattement, heat in CAMPAIGNS
        ],
        ignore_conflicts=True,
    )
    ceilings.objects.bulk_create(
        [ceilings(year=year, amount=amount) for year, amount in CEILINGS], ignore_conflicts=True
    )
    if not exclusions.objects.exists():
        exclusions.objects.create(altitude=1500, first_month=1, first_day=1, last_month=2, last_day=28)
    readings.objects.bulk_create([readings(pk=1)], ignore_conflicts=True)


class Migration(migrations.Migration):
    """Writes rows."""

    dependencies = [("intemperies", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
