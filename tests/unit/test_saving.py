"""What a stranger sent is saved under a name that can do no harm (B1, promise 9)."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from socialdesk import saving
from socialdesk.domain.models import Attachment, Media
from socialdesk.errors import Refused
from socialdesk.i18n import choose


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("factura.pdf", "factura.pdf"),
        ("Presupuesto nº 3 (año).PDF", "Presupuesto nº 3 (año).PDF"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Startup\\run.bat", "run.bat"),
        ("/abs/olute", "olute"),
        ("a\u2215b\uff0fc.txt", "c.txt"),
        (".bashrc", "bashrc"),
        ("...", "file"),
        ("-rf", "rf"),
        ("~root", "root"),
        ("factura.pdf.exe", "factura.pdf.exe"),
        ("factura.pdf                                        .exe", "factura.pdf.exe"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("a\x1b]0;x\x07b\x00c\n.txt", "abc.txt"),
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("lpt¹.txt", "_lpt¹.txt"),
        ("conde.txt", "conde.txt"),
        ("name. . .", "name"),
        ("what?*<>|.txt", "what_.txt"),
        ("$(reboot)`x`.sh", "_(reboot)_x_.sh"),
        ("", "file"),
        ("\u200b\u200b", "file"),
        ("___", "file"),
    ],
)
def test_promise_9_no_name_leaves_the_folder_hides_or_deceives(given: str, name: str) -> None:
    assert saving.safe_name(Attachment(Media.FILE, given)) == name


def test_promise_9_a_long_name_is_cut_before_its_ending() -> None:
    for letter in ("a", "ñ", "漢", "👩‍🍳"):
        name = saving.safe_name(Attachment(Media.FILE, letter * 500 + ".pdf.exe"))
        assert name.endswith(".exe")
        assert len(name) <= saving.LONGEST
        assert len(name.encode()) <= 200


def test_b1_what_has_no_name_is_called_what_it_is() -> None:
    assert saving.safe_name(Attachment(Media.IMAGE, type="image/png")) == "image.png"


def test_b1_nothing_is_overwritten_and_only_the_owner_can_read_it(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").symlink_to(tmp_path / "elsewhere")
    first = saving.save(tmp_path, "factura.pdf", b"1")
    second = saving.save(tmp_path, "factura.pdf", b"2")
    third = saving.save(tmp_path, "a.tar.gz", b"3")
    assert [path.name for path in (first, second, third)] == [
        "factura.pdf",
        "factura (2).pdf",
        "a.tar (2).gz",
    ]
    assert [path.read_bytes() for path in (first, second, third)] == [b"1", b"2", b"3"]
    assert not (tmp_path / "elsewhere").exists()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (first, second, third)} == {0o600}


def test_promise_6_what_cannot_be_written_leaves_nothing_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused) as refused:
        saving.save(tmp_path / "none", "a", b"")
    assert refused.value.code == "no_folder"

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refused) as refused:
        saving.save(tmp_path, "a", b"1")
    assert refused.value.code == "folder_unwritable"
    assert not (tmp_path / "a").exists()


def test_b1_files_go_where_the_person_s_downloads_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    choose("es")
    assert saving.downloads() == tmp_path / "Descargas"
    chosen = tmp_path / "bajadas"
    chosen.mkdir()
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(chosen))
    assert saving.downloads() == chosen
