"""What is wrong with a regular expression, in our own words."""

# The messages of Python's `re`, some of which quote what stands there: each by its beginning.
_WORDS: tuple[tuple[str | tuple[str, ...], str], ...] = (
    ("missing ), unterminated", 'a ")" is missing'),
    ("missing ", "a part of it is missing"),
    ("unbalanced parenthesis", 'a ")" without its "("'),
    ("unterminated character set", 'a "]" is missing'),
    ("nothing to repeat", "nothing stands there to be repeated"),
    ("multiple repeat", "a repetition of a repetition"),
    ("min repeat greater", "a repetition of at least more than at most"),
    ("the repetition number", "a repetition of too many"),
    ("bad escape (end", "a backslash with nothing behind it"),
    ("bad escape", "a backslash before a letter that it gives no meaning (\\\\ is a backslash itself)"),
    ("incomplete escape", "the code of a character is cut short"),
    ("octal escape", "the code of a character is too large"),
    ("undefined character name", "a character's name that Unicode does not know"),
    ("bad character range", "a range that ends before it begins"),
    ("bad character in group name", "a group's name that is no name"),
    ("unknown extension", '"(?" with what has no meaning behind it'),
    ("unexpected end", "it ends too early"),
    (("unknown flag", "cannot use LOCALE"), "a flag that there is not"),
    ("bad inline flags", "flags that cannot stand together, or not here"),
    ("global flags not at", "a flag for all of it, which must stand at its beginning"),
    ("ASCII and UNICODE", "flags that cannot stand together"),
    ("look-behind requires", "what is looked back for must have one length"),
    (("invalid group reference", "unknown group name"), "a group that there is not"),
    ("redefinition of group", "two groups of one name"),
    ("cannot refer to an open group", "a group within itself"),
    ("cannot refer to group defined", "a group of what is looked back for"),
    ("Exceeds the limit", "a number of too many digits"),
)


def words_of(message: str, position: int | None) -> str:
    """Words for a message of `re`, and where that is known the place: the number of a character, from 1."""
    words = next((ours for theirs, ours in _WORDS if message.startswith(theirs)), "it is not well-formed")
    return words if position is None else f"{words}, at its character {position + 1}"
