"""What is said of a file that is not read, and of one that is read with a reservation."""

from capacity_app.domain.problems import N_, KnownError

FOREIGN = N_("“{file}” is no report, workbook, dossier or assessment of this program: choose another file.")
A_FOLDER = N_("“{file}” is a folder: choose one file in it.")
NO_FILE = N_("“{file}” is no file that can be read: choose another one.")
TOO_BIG = N_("“{file}” is larger than {most} MB: no file of this kind is. It was not read.")
UNPACKS_TOO_BIG = N_("“{file}” would unpack to more than {most} MB: no file of this kind does. It was not read.")
DAMAGED = N_("“{file}” is damaged or was cut off: ask for it again.")
WITH_PASSWORD = N_("“{file}” is protected with a password: open it with its own program and save it without one.")
OLD_OFFICE = N_(
    "“{file}” is an old Office file, or one protected with a password: open it with its own program and save it as "
    ".docx or .xlsx without a password."
)

NEITHER = N_("“{file}” is no workbook (.xlsx) and no Word file (.docx): choose the file that was sent back.")
NOT_OURS = N_(
    "“{file}” was not made by this program, or what it said of itself was taken out: choose the file that was sent out "
    "and came back."
)
NO_WORKBOOK = N_("“{file}” is a Word file, and a workbook (.xlsx) is expected here: choose another file.")
NO_WORD = N_("“{file}” is a workbook, and a Word file (.docx) is expected here: choose another file.")
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
A_PDF = N_("“{file}” is a PDF, from which no answers are read: ask for the workbook (.xlsx) or Word file (.docx).")
ZIPPED = N_("“{file}” is an archive that holds other files ({names}): unpack it, and take the file itself.")
LEFTOVER = N_("“{file}” is no workbook, but a mark that another program keeps beside one: take the workbook itself.")

MACROS = N_(
    "“{file}” contains macros, which are small programs. It was not read: open it, save it without macros as .xlsx or "
    ".docx, and take that file."
)
OBJECTS = N_(
    "“{file}” contains objects of other programs ({names}). It was not read: take them out, save the file, and take "
    "it in again."
)
BOMB = N_(
    "“{file}” is small, but was made to unpack to an enormous size ({part}). It was not read: ask who sent it how it "
    "was made."
)
TOO_MANY_PARTS = N_("“{file}” consists of {count} parts: no workbook or Word file does. It was not read.")
TOO_MANY_SHEETS = N_("“{file}” has more than {most} sheets: no form has so many. It was not read.")
TOO_MANY_ENTRIES = N_(
    "“{file}” holds more than {most} million entries in one part ({part}). It was not read: copy what was filled in "
    "into a new copy of the form."
)
TOO_FAR = N_(
    "“{file}” has a sheet ({part}) that reaches as far as cell {cell}: far beyond any form. Delete the empty rows and "
    "columns behind the last entry, save the file, and take it in again."
)
TOO_MANY_CELLS = N_(
    "“{file}” has sheets that reach over {count} cells: no form does. Delete the empty rows and columns behind the "
    "last entries, save the file, and take it in again."
)
ANNOUNCED = N_(
    "“{file}” announces {count} texts in one part ({part}), more than any memory holds. It was not read: open it in "
    "Excel or LibreOffice, save it anew, and take that file."
)
MERGED = N_(
    "“{file}” has a sheet ({part}) in which {count} cells are merged. It was not read: undo that merging, save the "
    "file, and take it in again."
)
BAD_NAME = N_(
    "“{file}” has a part whose name leads outside of it ({part}). It was not read: ask who sent it how it was made."
)
TWICE = N_(
    "“{file}” has two parts of the same name ({part}), so that programs would read different things in it. It was not "
    "read: open it in Excel, Word or LibreOffice, save it anew, and take that file."
)
OVERLAPPING = N_(
    "“{file}” was put together by hand so that its parts overlap ({part}). It was not read: ask who sent it how it was "
    "made."
)
ENTITIES = N_(
    "“{file}” declares abbreviations of its own in one part ({part}), which can fill any memory. No Office program "
    "writes that, and it was not read: ask who sent it how it was made."
)
UNUSUAL = N_(
    "“{file}” is written in a way that no Office program writes ({part}). It was not read: open it in Excel, Word or "
    "LibreOffice, save it anew, and take that file."
)

TOO_SLOW = N_(
    "“{file}” took too long to read and was left alone: it is very large, or made to keep programs busy. Ask for it "
    "again."
)
KILLED_READER = N_(
    "“{file}” brought the program that reads it down, twice. It was not read, and nothing was changed: open it in "
    "Excel, Word or LibreOffice, save it anew, and take that file."
)

LINKS_OUT = N_("“{file}” refers to other files or servers ({names}). Nothing there was looked at.")
LINKS_ADVICE = N_("What its cells and pictures showed when it was saved is what was read.")
FILES_INSIDE = N_("“{file}” holds other files inside ({names}). They were not opened.")
FILES_ADVICE = N_("If they matter, open the file in its own program and save them by themselves.")

_NAMED = 3
"""So many names are given one by one."""
_LONGEST = 80


def refused(message: str, file: str, **values: str) -> KnownError:
    return KnownError(message, file=file, **{name: named([value]) for name, value in values.items()})


def named(names: list[str]) -> str:
    """Return some names from a stranger's file on one line that can be printed anywhere."""
    shown = ["".join(c if c.isprintable() else "?" for c in name)[:_LONGEST] for name in names[:_NAMED]]
    return ", ".join(shown) + (" …" if len(names) > _NAMED else "")
