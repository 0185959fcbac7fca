"""Which key of a Latin keyboard stands where a letter of another alphabet was pressed.

For terminals that report a shortcut by its letter alone. Only layouts that practically everybody of an
alphabet has: a wrong guess would do something that nobody asked for.
"""

import os
from collections.abc import Mapping

_RUSSIAN = dict(zip("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", strict=True))
_UKRAINIAN = {"ї": "]", "є": "'", "ґ": "\\"}  # і stands elsewhere on Belarusian keyboards
_GREEK = dict(zip("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm", strict=True))
_HEBREW = dict(zip("קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,.", strict=True))
_OTHER_CYRILLIC = ("bg", "bs", "mk", "mn", "sr")
"""Languages whose Cyrillic keyboards are laid out in another way."""


def latin_keys(environment: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """Letter → key of a Latin keyboard, as far as the user's locale does not speak against it."""
    locale = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "")
    keys = {**_GREEK, **_HEBREW}
    if not locale.lower().startswith(_OTHER_CYRILLIC):
        keys |= _RUSSIAN | _UKRAINIAN
    return keys
