"""Forms as people write them for ODK and KoboToolbox, as tables that read like the sheets themselves."""

from openpyxl import Workbook

KOBO_HOUSEHOLD = """
--- survey
type | name | label::English (en) | label::Français (fr) | hint::English (en) | required | relevant | constraint
start | start | | | | | | |
end | end | | | | | | |
begin_group | Household | Household | Ménage | | | |
text | head_name | Name of the head | Nom du chef | Full name | true | | |
integer | HH_Size | How many live here? | Combien vivent ici ? | | true | | . > 0 and . <= 30 |
select_one yes_no | migrated | Has anybody moved abroad? | Quelqu’un est-il parti ? | | | | |
select_multiple reasons | why | Why? | Pourquoi ? | | | ${migrated}='yes' | not(selected(.,'0') and count-selected(.)>1)
note | thanks | Nearly done | Presque fini | | | | |
geopoint | gps | Where is it? | Où ? | | | | |
end_group | | | | | | | |
--- choices
list_name | name | label::English (en) | label::Français (fr)
yes_no | yes | Yes | Oui
yes_no | no | No | Non
reasons | work | Work | Travail
reasons | Family | Family | Famille
reasons | 0 | None of these | Aucune
--- settings
form_title | form_id | version | default_language
Household survey | hh2024 | 3 | English (en)
"""

ODK_SPACES = """
--- survey
type | name | label | hint | relevance | calculation | media::image
begin group | office | The office | | | |
select one from yesno | has_it | Is there a register? | Ask to see it | | | register.png
begin group | details | Details of the register | | selected(${has_it}, 'y') | |
integer | started | Since when? | | ${has_it} != 'n' | |
date | last | Last update | | | |
end group | | | | | |
calculate | age | | | | 2024 - ${started} |
barcode | tag | Tag on the server | | | |
text | remarks | Anything else? | | | |
end group | | | | | |
--- choices
list name | name | label
yesno | y | Yes, there is
yesno | n | No
"""

OTHER_AND_FILTER = """
--- survey
type | name | label | choice_filter | default
select_one region | region | Region | |
select_one district or_other | district | District | |
select_one town | town | Town | region=${region} | t1
rank colours | order | Which first? | |
select_one_from_file people.csv | person | Who? | |
decimal | income | Income | |
decimal | rate | Rate of unemployment | |
--- choices
list_name | name | label | region
region | north | North |
region | south | South |
district | d1 | First |
district | d2 | Second |
town | t1 | Upper | north
town | t2 | Lower | south
colours | r | Red |
colours | b | Blue |
"""

REPEATS = """
--- survey
type | name | label | relevant
begin_repeat | members | Members of the household |
text | name | Name |
integer | age | Age |
select_one sex | sex | Sex | ${age} > 5
begin_repeat | jobs | Jobs |
text | job | Job |
end_repeat | | |
end_repeat | | |
integer | total | How many in all? |
--- choices
list_name | name | label
sex | f | Female
sex | m | Male
"""

ONE_LANGUAGE_FRENCH = """
--- survey
type | name | label::French | hint::French
select_one on | q1 | Y a-t-il un registre ? | Demandez à le voir
text | | Sans nom |
--- choices
list_name | name | label::French
on | yes | Oui
on | no | Non
"""

MISSING_LABELS = """
--- survey
type | name | label
text | q1 |
select_one c | q2 | Which?
image | photo | Take a picture
acknowledge | ok | I agree
time | when | At what time?
--- choices
list_name | name | label
c | 1 |
c | 2 | Two
"""

UNCLOSED = """
--- survey
type | name | label
begin_group | g | Group
text | a | A
"""

BAD_REFERENCE = """
--- survey
type | name | label | relevant
text | a | A | ${nobody} = 'x'
"""

NO_LIST = """
--- survey
type | name | label
select_one nowhere | a | A
"""

NO_SURVEY = """
--- data
a | b
1 | 2
--- more
c
3
"""

SAME_NAMES = """
--- survey
type | name | label
text | a | A
text | a | Again
"""


NOTES = """
--- survey
type | name | label::English (en) | label::Français (fr) | hint::English (en) | relevant
note | welcome | Welcome to the survey. | Bienvenue. | |
begin_group | consent | Consent | Accord | |
note | read_out | | | Read this out loud. |
note | adults | For adults only. | | | ${age} > 17
end_group | | | | |
begin_group | main | Main part | Partie | |
note | first | Ask the head. | Demandez au chef. | Be polite. |
integer | age | How old? | Quel âge ? | |
note | about_work | About ${age} and work. | | | ${age} > 17
begin_group | office | The office | Le bureau | | ${age} > 17
note | inside | Inside the office. | | |
text | job | Which job? | Quel emploi ? | |
end_group | | | | |
begin_group | map | The map | La carte | |
geopoint | gps | Where? | | |
end_group | | | | |
note | thanks | Thank you. | Merci. | |
end_group | | | | |
"""

REPEAT_NOTES = """
--- survey
type | name | label | relevant | constraint_message | required_message
text | q1 | Who? | | Not so long. | Please answer.
begin_repeat | hh | Member | | |
note | head | Ask the head first. | ${q1} != '' | |
begin_group | adult | Adults only | ${q1} = 'x' | |
text | job | Job? | | |
note | after | Check it. | | |
end_group | | | | |
text | age | Age? | | |
end_repeat | | | | |
"""

CHOICES_ELSEWHERE = """
--- survey
type | name | label | parameters | choice_filter
select_one reg | region | Region? | randomize=true |
select_multiple reg | regions | Regions? | randomize=true, seed=42 |
select_one_external town | town | Town? | | reg=${region}
--- choices
list_name | name | label
reg | n | North
reg | s | South
--- external_choices
list_name | name | label | reg
town | a | Alpha | n
town | b | Beta | s
"""

NOTHING_TO_ASK = """
--- survey
type | name | label | calculation
note | hello | Hello. |
geopoint | gps | Where? |
calculate | sum | | 1 + 1
"""


def workbook_of(text: str, *, ending: str = "") -> bytes:
    """Make a workbook of sheets written as text."""
    import io  # noqa: PLC0415 - beside what it is used for

    book = Workbook()
    book.remove(book.worksheets[0])
    for block in text.strip().split("--- ")[1:]:
        name, _, lines = block.partition("\n")
        sheet = book.create_sheet(name.strip() + ending)
        for line in lines.strip("\n").split("\n"):
            sheet.append([cell.strip() or None for cell in line.split("|")])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
