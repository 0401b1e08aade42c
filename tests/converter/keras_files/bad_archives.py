"""Archives that are damaged or crafted: each function writes one at the path it gets."""

import io
import struct
import tarfile
import warnings
import zipfile
from pathlib import Path

from tests.converter.keras_files.handmade import make_file


def many_entries(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5_000):
            archive.writestr(str(number), b"")


def two_configs(path: Path) -> None:
    make_file(path)
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile notices the duplicate
        archive.writestr("config.json", b"{}")


def encrypted(path: Path) -> None:
    content = bytearray(make_file(path).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    path.write_bytes(content)


def damaged(path: Path) -> None:
    content = bytearray(make_file(path).read_bytes())
    content[60:90] = b"\xff" * 30
    path.write_bytes(content)


def zip64(path: Path) -> None:
    """A second end record that claims ten million entries, hidden from the first one."""
    content = make_file(path).read_bytes()
    end = content.rfind(b"PK\x05\x06")
    many = 10_000_000
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, many, many, 10, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    path.write_bytes(content[:end] + record + locator + content[end:])


def tar(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        archive.addfile(tarfile.TarInfo("../outside"), io.BytesIO(b""))


def symbolic_link(path: Path) -> None:
    make_file(path, entries={"config.json": None})
    link = zipfile.ZipInfo("config.json")
    link.external_attr = (0o120777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, b"/etc/passwd")


def overlapping(path: Path) -> None:
    """Two entries whose headers in the directory point to the same bytes."""
    content = bytearray(make_file(path, entries={"assets/a": b"x" * 1000}).read_bytes())
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)
