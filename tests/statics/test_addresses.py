"""The address of a static file is worked out once."""

import pytest
from whitenoise.storage import CompressedManifestStaticFilesStorage

from portal.web.static_files import RememberingStorage


@pytest.fixture
def storage(tmp_path, monkeypatch):
    asked = []

    def url(self, name, force=False):
        asked.append(name)
        if name == "gone.css":
            raise ValueError(name)
        return f"/static/{name}?{len(asked)}"

    monkeypatch.setattr(CompressedManifestStaticFilesStorage, "url", url)
    return RememberingStorage(location=tmp_path), asked


def test_it_is_worked_out_once_unless_forced(storage):
    files, asked = storage
    assert [files.url("a.css"), files.url("b.css"), files.url("a.css")] == [
        "/static/a.css?1",
        "/static/b.css?2",
        "/static/a.css?1",
    ]
    assert files.url("a.css", force=True) == "/static/a.css?3"
    assert asked == ["a.css", "b.css", "a.css"]


def test_a_file_that_was_not_collected_is_an_error_each_time(storage):
    files, asked = storage
    for _ in range(2):
        with pytest.raises(ValueError, match="gone"):
            files.url("gone.css")
    assert asked == ["gone.css", "gone.css"]
