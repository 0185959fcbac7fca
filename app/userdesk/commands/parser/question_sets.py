"""The parser of `userdesk questions`."""

from pathlib import Path

from userdesk.commands.parser.arguments import Commands, Parser, add
from userdesk.commands.parser.flags import add_conversation


def add_questions(commands: Commands, places: Parser) -> None:
    """`userdesk questions`, each kind a parser of its own."""
    questions = commands.add_parser(
        "questions",
        parents=[places],
        help="make question sets of conversations and other files, or look one over",
        description="Make a question set of a saved conversation or of another tool's file, or look sets "
        "over for what is probably not meant.",
        examples=("userdesk questions from --last", "userdesk questions import cases.csv"),
    )
    kinds = questions.add_subparsers(dest="what", metavar="from|import|lint", required=True)
    written = "default: standard output"
    about = "each question of a saved conversation, with its answer as a comment"
    out_of = kinds.add_parser(
        "from",
        parents=[places],
        help=about,
        description=about,
        examples=("userdesk questions from --last --output questions.toml",),
    )
    add_conversation(out_of)
    about = "CSV, JSON Lines or promptfoo's YAML; what cannot be taken is told with its line"
    taken = kinds.add_parser(
        "import",
        parents=[places],
        help=about,
        description=about,
        examples=("userdesk questions import promptfooconfig.yaml --output questions.toml",),
    )
    add(
        taken,
        "files FILE",
        "a .csv, .tsv, .jsonl or .yaml file; - for CSV on standard input",
        type=Path,
        nargs=1,
    )
    for each in (out_of, taken):
        add(each, "--title TITLE", "the set's title")
        add(each, "--output FILE", written, type=Path)
    about = "mistakes, and what is probably not meant; exit status 1 where there is something"
    lint = kinds.add_parser(
        "lint",
        parents=[places],
        help=about,
        description=about,
        examples=("userdesk questions lint questions.toml",),
    )
    add(lint, "files FILE", "question sets", type=Path, nargs="+")
    questions.commands = kinds.choices
    questions.set_defaults(id=None, files=(), output=None, title=None)
