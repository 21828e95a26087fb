"""Storing, serving and removing."""

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.files.domain import (
    delete_expired,
    delete_orphans,
    may_read,
    readers,
    store_bytes,
    store_upload,
)
from mentoring.files.models import StoredFile
from tests import factories as make
from tests.mentoring.files import samples

pytestmark = pytest.mark.django_db
PURPOSE = "tests.own"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    if PURPOSE not in readers:
        readers.add(PURPOSE, lambda user, stored: stored.created_by_id == user.pk)


@pytest.fixture
def owner() -> User:
    return make.make_user()


def store(owner: User, name: str = "Plan für März.pdf", **changes: Any) -> StoredFile:
    return store_upload(samples.upload(name, samples.pdf()), purpose=PURPOSE, by=owner, **changes)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_stored_and_where(owner: User, tmp_path: Path) -> None:
    stored = store(owner)
    (path,) = on_disk(tmp_path)
    data = path.read_bytes()
    assert (stored.name, stored.content_type) == ("Plan für März.pdf", "application/pdf")
    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert "Plan" not in str(path.relative_to(tmp_path))
    assert len(path.name) == 40
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_refused_file_leaves_nothing(owner: User, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        store(owner, "Plan.pdf", allowed=("png",))
    with pytest.raises(LookupError):
        store_bytes(b"x", name="x", content_type="text/plain", purpose="nobody reads this")
    assert on_disk(tmp_path) == []
    assert not StoredFile.objects.exists()


def test_it_is_served_to_its_reader_only_and_never_run(owner: User, client: Client) -> None:
    stored = store(owner)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    answer: Any = client.get(stored.get_absolute_url())
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "filename*=utf-8''Plan%20f%C3%BCr%20M%C3%A4rz.pdf" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    client.force_login(make.make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(stored.get_absolute_url()).status_code == 404
    assert client.get("/dateien/999999/").status_code == 404
    assert client.get(f"/dateien/{10**30}/").status_code == 404


def test_only_images_are_shown_in_the_page(owner: User, client: Client) -> None:
    image = samples.upload("Bild.png", samples.image("PNG"))
    stored = store_upload(image, purpose=PURPOSE, by=owner)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    answer: Any = client.get(stored.get_absolute_url())
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert answer["Content-Disposition"].startswith("inline;")


def test_nobody_reads_what_expired_or_while_locked_out(owner: User) -> None:
    stored = store(owner)
    assert may_read(owner, stored)
    stored.expires_at = timezone.now() - timedelta(seconds=1)
    assert not may_read(owner, stored)
    stored.expires_at = None
    owner.is_active = False
    assert not may_read(owner, stored)


def test_the_file_goes_with_its_row_after_the_commit(
    owner: User, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    store(owner)
    with django_capture_on_commit_callbacks(execute=True):
        StoredFile.objects.all().delete()
        assert len(on_disk(tmp_path)) == 1
    assert on_disk(tmp_path) == []


def test_expired_files_are_deleted(
    owner: User, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    kept = store(owner)
    store(owner, expires_at=timezone.now() - timedelta(minutes=1))
    store(owner, expires_at=timezone.now() + timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_expired() == 1
    assert StoredFile.objects.count() == len(on_disk(tmp_path)) == 2
    assert StoredFile.objects.filter(pk=kept.pk).exists()


def test_orphans_are_removed_after_a_day(owner: User, tmp_path: Path) -> None:
    known = Path(store(owner).content.path)
    fresh, old = tmp_path / "ab" / "fresh", tmp_path / "ab" / "old"
    fresh.parent.mkdir(exist_ok=True)
    for path in (fresh, old):
        path.write_bytes(b"x")
    yesterday = time.time() - 25 * 60 * 60
    for path in (known, old):
        os.utime(path, (yesterday, yesterday))
    assert delete_orphans() == 1
    assert known.exists()
    assert fresh.exists()
    assert not old.exists()
