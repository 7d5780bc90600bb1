"""The contract of the workbook: names of sheets and columns that the writer writes and a reader looks for."""

FORMAT = "1"
"""Version of this contract; a reader refuses a higher one."""

CELL_LIMIT = 32_767
"""UTF-16 units in one cell; what is longer continues in a following row with the same address."""

META_SHEET = "capacity-app"
"""Hidden: what the file is, as key and value."""
LISTS_SHEET = "lists"
"""Hidden: the entries of the drop-down lists."""
ANSWERS_SHEET = "answers"
"""Every answer as it is stored, one row per address, layer and respondent."""

OWN_SHEETS = frozenset({META_SHEET, LISTS_SHEET, ANSWERS_SHEET})
"""Names no other sheet takes, in any language."""

META_KEYS = (
    "format", "instrument", "instrument_version", "instrument_hash", "assessment", "country", "round", "language",
    "exported", "profile", "fingerprint",
)  # fmt: skip

ANSWER_COLUMNS = (
    "address", "layer", "respondent", "part", "state", "type", "value", "shown", "reason", "note", "evidence",
    "author", "time", "language",
)  # fmt: skip
"""``type`` is "number", "text" or "list"; list entries are ids joined by LIST_JOINT; ``part`` counts from 1."""
LIST_JOINT = " ; "

SECTION_COLUMNS = (
    "address", "number", "question", "item", "allowed", "answer", "state", "reason", "note", "source", "remarks",
    "said",
)  # fmt: skip
"""``allowed`` holds anchors or options, ``said`` what each respondent said where there is more than one."""
EDITABLE = frozenset({"answer", "state", "reason", "note", "source", "remarks"})

HIDDEN_ROW = 0
"""The row with the names of the columns, in every sheet that holds answers or registers."""
ADDRESS_COLUMN = 0
"""The hidden column with addresses or ids."""

SHEET_NAME_LIMIT = 31
FORBIDDEN_IN_SHEET_NAMES = frozenset("[]:*?/\\'")
