"""What is said of a file that is not read, and of one that is read with a reservation."""

import zipfile
import zlib

from capacity_app.domain.problems import N_, KnownError

NOT_OUR_KIND = N_(
    "“{file}” is not a report, a workbook, a dossier or an assessment of this program. Choose another file."
)
IS_FOLDER = N_("“{file}” is a folder: choose one file in it.")
NO_FILE = N_("“{file}” cannot be read as a file. Choose another one.")
TOO_BIG = N_("“{file}” is larger than {most} MB: no file of this kind is. It was not read.")
UNPACKS_TOO_BIG = N_("“{file}” would unpack to more than {most} MB: no file of this kind does. It was not read.")
DAMAGED = N_("“{file}” is damaged or was cut off: ask for it again.")
WITH_PASSWORD = N_("“{file}” is protected with a password: open it with its own program and save it without one.")
OLD_OFFICE = N_(
    "“{file}” is an old Office file, or one protected with a password: open it with its own program and save it as "
    ".docx or .xlsx without a password."
)

NEITHER_WORKBOOK_NOR_WORD = N_("“{file}” is not a workbook (.xlsx) or a Word file (.docx). Choose the returned file.")
NOT_OURS = N_(
    "“{file}” was not made by this program, or what it said of itself was taken out: choose the file that was sent out "
    "and came back."
)
NO_WORKBOOK = N_("“{file}” is a Word file, and a workbook (.xlsx) is expected here: choose another file.")
OLD_EXCEL = N_(
    "“{file}” is an old Excel file (.xls): open it in Excel or LibreOffice, choose “Save as” and “Excel workbook "
    "(.xlsx)”, and take that file."
)
OLD_WORD = N_(
    "“{file}” is an old Word file (.doc): open it in Word or LibreOffice, choose “Save as” and “Word document "
    "(.docx)”, and take that file."
)
OTHER_WORKBOOK = N_(
    "“{file}” is a spreadsheet of another kind ({kind}): open it in Excel or LibreOffice, choose “Save as” and “Excel "
    "workbook (.xlsx)”, and take that file."
)
OTHER_DOCUMENT = N_(
    "“{file}” is a document of another kind ({kind}): open it in Word or LibreOffice, choose “Save as” and “Word "
    "document (.docx)”, and take that file."
)
PLAIN_TABLE = N_(
    "“{file}” is a table as plain text (CSV) and does not say where its answers belong. Nothing was changed. If the "
    "table comes from ODK or KoboToolbox, export it again with the columns that name each submission (KEY, or _id and "
    "_uuid). If somebody saved a workbook as CSV, open that workbook and save it as “Excel workbook (.xlsx)”."
)
IS_PDF = N_("“{file}” is a PDF, from which no answers are read: ask for the workbook (.xlsx) or Word file (.docx).")
ARCHIVE_OF_FILES = N_("“{file}” is an archive that holds other files ({names}): unpack it, and take the file itself.")
TEMPORARY_FILE = N_(
    "“{file}” is not a workbook, but a small file that another program keeps beside one. Choose the workbook itself."
)

MACROS = N_(
    "“{file}” contains macros, which are small programs. It was not read: open it, save it without macros as .xlsx or "
    ".docx, and take that file."
)
OBJECTS = N_(
    "“{file}” contains objects of other programs ({names}). It was not read: take them out, save the file, and take "
    "it in again."
)
DECOMPRESSION_BOMB = N_(
    "“{file}” is small, but was made to unpack to an enormous size ({part}). It was not read: ask who sent it how it "
    "was made."
)
TOO_MANY_PARTS = N_("“{file}” consists of {count} parts: no workbook or Word file does. It was not read.")
TOO_MANY_SHEETS = N_("“{file}” has more than {most} sheets: no form has so many. It was not read.")
TOO_MANY_ENTRIES = N_(
    "“{file}” holds more than {most} million entries in one part ({part}). It was not read: copy what was filled in "
    "into a new copy of the form."
)
SHEET_TOO_LARGE = N_(
    "“{file}” has a sheet ({part}) that reaches as far as cell {cell}: far beyond any form. Delete the empty rows and "
    "columns behind the last entry, save the file, and take it in again."
)
TOO_MANY_CELLS = N_(
    "“{file}” has sheets that reach over {count} cells: no form does. Delete the empty rows and columns behind the "
    "last entries, save the file, and take it in again."
)
TOO_MANY_TEXTS = N_(
    "“{file}” announces {count} texts in one part ({part}), which is too many for the memory. The file was "
    "not read. Open it in Excel or LibreOffice, save it again, and choose the new file."
)
TOO_MANY_MERGED_CELLS = N_(
    "“{file}” has a sheet ({part}) in which {count} cells are merged. It was not read: undo that merging, save the "
    "file, and take it in again."
)
BAD_NAME = N_(
    "“{file}” has a part whose name leads outside of it ({part}). It was not read: ask who sent it how it was made."
)
DUPLICATE_PART = N_(
    "“{file}” has two parts with the same name ({part}), so programs could read different contents. The "
    "file was not read. Open it in Excel, Word or LibreOffice, save it again, and choose the new file."
)
OVERLAPPING = N_(
    "“{file}” was put together by hand so that its parts overlap ({part}). It was not read: ask who sent it how it was "
    "made."
)
XML_ENTITIES = N_(
    "“{file}” declares abbreviations of its own in one part ({part}), which can fill any memory. No Office program "
    "writes that, and it was not read: ask who sent it how it was made."
)
UNUSUAL_MARKUP = N_(
    "“{file}” is written in a way that no Office program uses ({part}). The file was not read. Open it in "
    "Excel, Word or LibreOffice, save it again, and choose the new file."
)

TOO_SLOW = N_(
    "“{file}” took too long to read and was left alone: it is very large, or made to keep programs busy. Ask for it "
    "again."
)
READER_DIED = N_(
    "The program that reads “{file}” stopped twice. The file was not read. Open it in Excel, Word or "
    "LibreOffice, save it again, and choose the new file. Nothing was changed."
)

EXTERNAL_LINKS = N_("“{file}” refers to other files or servers ({names}). Nothing there was looked at.")
EXTERNAL_LINKS_ADVICE = N_("What its cells and pictures showed when it was saved is what was read.")
EMBEDDED_FILES = N_("“{file}” holds other files inside ({names}). They were not opened.")
EMBEDDED_FILES_ADVICE = N_("If they matter, open the file in its own program and save them by themselves.")

PARSER_ERRORS = (
    ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RecursionError, OSError, EOFError, SyntaxError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What libraries raise on a file that is no better than it should be."""
_MAX_NAMES = 3
"""So many names are given one by one."""
_MAX_NAME_LENGTH = 80


def refusal(message: str, file: str, **values: str) -> KnownError:
    return KnownError(message, file=file, **{name: printable_names([value]) for name, value in values.items()})


def printable_names(names: list[str]) -> str:
    """Return some names from a stranger's file on one line that can be printed anywhere."""
    shown = ["".join(c if c.isprintable() else "?" for c in name)[:_MAX_NAME_LENGTH] for name in names[:_MAX_NAMES]]
    return ", ".join(shown) + (" …" if len(names) > _MAX_NAMES else "")
