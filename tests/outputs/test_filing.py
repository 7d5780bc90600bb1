"""How a PDF is written: nothing twice, nothing in doubt, and other readers find everything."""

import io
import subprocess
import zlib
from base64 import a85decode
from itertools import product
from pathlib import Path

import pydyf  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.outputs.pdf.pdf_writer import _compress, use_own_writer


def ends_in_a_return(data: bytes) -> bool:
    return zlib.compress(data).endswith(b"\r")


def read(how: str, packed: bytes) -> bytes:
    if "ASCII85Decode" in how:
        packed = a85decode(packed.removesuffix(b"~>"))
    return zlib.decompress(packed)


@given(st.binary())
def test_what_is_packed_can_be_read(data: bytes) -> None:
    how, packed = _compress(data)
    assert read(how["Filter"], packed) == data


def test_no_stream_ends_in_what_could_be_a_line_end() -> None:
    doubtful = [data for data in (bytes(pair) for pair in product(range(128), repeat=2)) if ends_in_a_return(data)]
    assert doubtful
    for data in doubtful:
        how, packed = _compress(data)
        assert packed.endswith(b"~>")
        assert read(how["Filter"], packed) == data


def one_page(text: bytes, objects: int) -> bytes:
    pdf = pydyf.PDF()
    font = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica"})
    pdf.add_object(font)
    content = pydyf.Stream([text], compress=True)
    pdf.add_object(content)
    for number in range(objects):
        pdf.add_object(pydyf.Array([number]))
    fonts = pydyf.Dictionary({"Font": pydyf.Dictionary({"F1": font.reference})})
    sheet = {"Type": "/Page", "Parent": pdf.pages.reference, "MediaBox": pydyf.Array([0, 0, 200, 200])}
    pdf.add_page(pydyf.Dictionary(sheet | {"Contents": content.reference, "Resources": fonts}))
    pdf.info["Title"] = pydyf.String("Größe")
    use_own_writer(pdf, "Große · Identität".encode())
    output = io.BytesIO()
    pdf.write(output, b"1.7", None, True)
    return output.getvalue()


def told(command: str, file: Path, *more: str) -> str:
    return subprocess.run([command, str(file), *more], capture_output=True, check=True).stdout.decode()


def test_another_reader_finds_everything_in_both_ways_of_packing(tmp_path: Path) -> None:
    letters = range(ord("A"), ord("z"))
    texts = [b"BT /F1 12 Tf 20 100 Td (Hello) Tj ET\n%%%c%c%c" % three for three in product(letters, repeat=3)]
    plain = next(text for text in texts if not ends_in_a_return(text))
    doubtful = next(text for text in texts if ends_in_a_return(text))
    for text in (plain, doubtful):
        data = one_page(text, objects=2500)
        assert (b"ASCII85Decode" in data) or text is plain
        assert b"\r\nendstream" not in data
        file = tmp_path / "page.pdf"
        file.write_bytes(data)
        assert "Hello" in told("pdftotext", file, "-")
        assert "Größe" in told("pdfinfo", file)


def test_the_same_pdf_is_written_the_same_way() -> None:
    text = b"BT /F1 12 Tf (x) Tj ET"
    assert one_page(text, objects=3) == one_page(text, objects=3)
