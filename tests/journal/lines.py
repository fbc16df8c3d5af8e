"""Lines of the journal, of any age."""

from portal import clock
from portal.journal.models import Entry, Kind
from portal.journal.recording import entry
from portal.origin import TASK


def a_line(at=None, site=None, **facts) -> Entry:
    """A line already recorded, at that moment."""
    values = {"action": "rights.essai", "sentence": "Une ligne", "kind": Kind.RIGHTS, "origin": TASK}
    line = entry(site=site, **(values | facts))
    line.at = at or clock.now()
    line.save()
    return line
