"""Where the limits of an archive lie, and what is told apart at their edges: one more is refused, one fewer is read."""

import io
import zipfile
from random import Random

import pytest

from capacity_app.domain.problems import KnownError
from capacity_app.services.untrusted import refusals, zip_limits
from capacity_app.services.untrusted.zip_limits import PackagePart
from tests.services.untrusted.making import FILE, packed, refusal


def parts_of(content: bytes) -> list[PackagePart]:
    return zip_limits.parts_of(content, FILE)


def test_parts_are_found_where_they_lie_and_unpacked_whole() -> None:
    whole = {"a.xml": b"<a/>" * 99, "b/c.xml": b"", "ä.xml": b"\xff"}
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        content = packed(whole, method)
        parts = parts_of(content)
        assert [(part.name, part.size, part.is_packed) for part in parts] == [
            (name, len(data), method == zipfile.ZIP_DEFLATED) for name, data in whole.items()
        ]
        assert [zip_limits.unpack(content, part, FILE) for part in parts] == list(whole.values())
        assert dict(zip_limits.text_parts(content, parts, FILE)) == {name: data for name, data in whole.items() if data}


def test_pictures_are_not_unpacked_unless_they_are_markup() -> None:
    names = ["xl/media/a.png", "XL/Media/b.JPG", "xl/media/c.svg", "xl/media/d.XML", "xl/media/e.rels", "media/f.png"]
    content = packed(dict.fromkeys(names, b"x"))
    assert [name for name, _ in zip_limits.text_parts(content, parts_of(content), FILE)] == names[2:]


@pytest.mark.parametrize(("count", "is_read"), [(zip_limits.MAX_PARTS, True), (zip_limits.MAX_PARTS + 1, False)])
def test_an_archive_has_so_many_parts_at_most(count: int, *, is_read: bool) -> None:
    content = packed({f"{number}": b"" for number in range(count)}, zipfile.ZIP_STORED)
    if is_read:
        assert len(parts_of(content)) == count
        return
    with pytest.raises(KnownError) as refused:
        parts_of(content)
    assert refusal(refused) == (refusals.TOO_MANY_PARTS, {"file": FILE, "count": str(count)})


def entry(size: int, packed_size: int, name: str = "a.xml") -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.file_size, made.compress_size = size, packed_size
    return made


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([entry(4_000_000, 1)], None),
        ([entry(4_000_001, 20_001)], None),
        ([entry(4_000_200, 20_001)], None),
        ([entry(4_000_201, 20_001)], refusals.DECOMPRESSION_BOMB),
        ([entry(4_000_001, 0)], refusals.DECOMPRESSION_BOMB),
        ([entry(50_000_000, 10**6), entry(50_000_000, 10**6)], None),
        ([entry(50_000_000, 10**6), entry(50_000_001, 10**6)], refusals.UNPACKS_TOO_BIG),
    ],
)
def test_parts_unpack_to_so_much_at_most(entries: list[zipfile.ZipInfo], message: str | None) -> None:
    if message is None:
        zip_limits._expect_sizes(entries, FILE)
        return
    with pytest.raises(KnownError) as refused:
        zip_limits._expect_sizes(entries, FILE)
    values = {"part": "a.xml"} if message == refusals.DECOMPRESSION_BOMB else {"most": "100"}
    assert refusal(refused) == (message, {"file": FILE, **values})


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a", "b/a", "c..d", "x/..y", "b:c/d"[2:], "e/f:g"], None),
        (["/a"], refusals.BAD_NAME),
        (["\\a"], refusals.BAD_NAME),
        (["a/../b"], refusals.BAD_NAME),
        (["a\\..\\b"], refusals.BAD_NAME),
        (["c:a"], refusals.BAD_NAME),
        (["a\0b"], refusals.BAD_NAME),
        (["a/B", "A\\b"], refusals.DUPLICATE_PART),
    ],
)
def test_names_of_parts_stay_inside_and_differ(names: list[str], message: str | None) -> None:
    if message is None:
        zip_limits._expect_names(names, FILE)
        return
    with pytest.raises(KnownError) as refused:
        zip_limits._expect_names(names, FILE)
    assert refused.value.message == message
    assert refused.value.values["file"] == FILE
    assert refused.value.values["part"] == refusals.printable_names([names[-1]])


def damaged(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new, 1)


def test_a_part_whose_announcement_differs_from_what_it_is_is_refused() -> None:
    honest = packed({"a.xml": b"<a/>" * 50})
    (part,) = parts_of(honest)
    for lie in (
        PackagePart(part.name, part.start, part.packed, part.size + 1, part.checksum, is_packed=True),
        PackagePart(part.name, part.start, part.packed, part.size, part.checksum ^ 1, is_packed=True),
        PackagePart(part.name, part.start, part.packed - 1, part.size, part.checksum, is_packed=True),
        PackagePart(part.name, part.start + 1, part.packed, part.size, part.checksum, is_packed=True),
        PackagePart(part.name, part.start, part.packed, part.size, part.checksum, is_packed=False),
    ):
        with pytest.raises(KnownError) as refused:
            zip_limits.unpack(honest, lie, FILE)
        assert refusal(refused) == (refusals.DAMAGED, {"file": FILE})


def test_a_part_that_unpacks_to_much_more_than_it_announces_was_made_so() -> None:
    noise = Random(1).randbytes(100_000)  # noqa: S311 - nothing is secret
    long = packed({"a.xml": noise * 90})
    (part,) = parts_of(long)
    small = PackagePart(part.name, part.start, part.packed, 100, part.checksum, is_packed=True)
    with pytest.raises(KnownError) as refused:
        zip_limits.unpack(long, small, FILE)
    assert refusal(refused) == (refusals.DECOMPRESSION_BOMB, {"file": FILE, "part": "a.xml"})
    little = PackagePart(part.name, part.start, part.packed, 8_999_999, part.checksum, is_packed=True)
    with pytest.raises(KnownError) as refused:
        zip_limits.unpack(long, little, FILE)
    assert refusal(refused) == (refusals.DAMAGED, {"file": FILE})


def test_what_stands_before_a_part_must_repeat_what_the_directory_says() -> None:
    honest = packed({"name.xml": b"<a/>"})
    for lie in (damaged(honest, b"name.xml", b"game.xml"), damaged(honest, b"PK\x03\x04", b"PK\x03\x05")):
        with pytest.raises(KnownError) as refused:
            parts_of(lie)
        assert refusal(refused) == (refusals.UNUSUAL_MARKUP, {"file": FILE, "part": "name.xml"})
    before = b"something before" + honest
    with pytest.raises(KnownError) as refused:
        parts_of(before)
    assert refusal(refused) == (refusals.DAMAGED, {"file": FILE})


def test_a_comment_is_no_second_directory_unless_it_looks_like_one() -> None:
    buffer = io.BytesIO(packed({"a.xml": b"<a/>"}))
    with zipfile.ZipFile(buffer, "a") as made:
        made.comment = b"a word"
    assert len(parts_of(buffer.getvalue())) == 1
    with zipfile.ZipFile(buffer, "a") as made:
        made.comment = b"PK\x05\x06" + bytes(18)
    with pytest.raises(KnownError) as refused:
        parts_of(buffer.getvalue())
    assert refused.value.message == refusals.DAMAGED
