"""Public holidays, as staff correct them."""

from django.contrib import admin

from portal.administration.recorded import RecordedAdmin
from portal.holidays.models import Holiday


@admin.register(Holiday)
class HolidayAdmin(RecordedAdmin[Holiday]):
    """The days of every year; those of the years to come are loaded by themselves."""

    room = "holidays"
    list_display = ("day", "name", "alsace_moselle")
    list_filter = ("alsace_moselle",)
    search_fields = ("name",)
    date_hierarchy = "day"
    ordering = ("-day",)
