"""``make translations``: gather, merge and compile all catalogues, and list what is missing; with --list, each text."""

import sys

from capacity_app.i18n.languages import translated_languages
from tools.translations.catalogues import (
    compile_to,
    instrument_folders,
    instrument_template,
    merge,
    missing,
    program_file,
    program_template,
)


def main() -> int:
    """Do it; the exit code tells whether something is missing."""
    lacking = 0
    template = program_template()
    worded = {folder: instrument_template(folder) for folder in instrument_folders()}
    for language in translated_languages():
        catalogues = {"the program": merge(program_file(language), language, template)}
        compile_to(program_file(language), catalogues["the program"])
        for folder, texts in worded.items():
            catalogues[folder.name] = merge(folder / f"{language}.po", language, texts)
        for name, catalogue in catalogues.items():
            absent = list(missing(catalogue))
            lacking += len(absent)
            print(f"{language}  {name:<20} {len(catalogue) - len(absent):>5} of {len(catalogue)} texts")
            if "--list" in sys.argv:
                print("\n".join(f"    {text.context or ''} {text.id!r}" for text in absent))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
