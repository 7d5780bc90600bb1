"""The command that says what the program is made of and where it keeps things: about."""

from capacity_app.cli.options import as_json_option, command
from capacity_app.cli.terminal import print_result, say
from capacity_app.i18n.translator import Translator
from capacity_app.services.about import licence_lines, support_text, system_facts


def _print_about(texts: Translator) -> None:
    say(support_text(texts))
    for line in licence_lines(texts):
        say(line)


@command()
@as_json_option
def about(texts: Translator, *, as_json: bool) -> None:
    print_result(dict(system_facts(with_pango=True)), lambda: _print_about(texts), as_json=as_json)
