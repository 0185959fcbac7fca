"""Finds what opens something in a text, by how it looks or by what is said of it: passwords, keys, tokens."""

import re

_QUOTES = "\"'`“"
_PEM = r"[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
_PRIVATE_KEY = re.compile(rf"-----BEGIN {_PEM}.*?(?:-----END {_PEM}|\Z)", re.S)
_USERINFO = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]{0,20}://)[^\s/@?#]+@")
_QUERY = re.compile(r"(https?://[^\s?#<>()\[\]]+)[?#][^\s<>()\[\]]*")
_JWT = re.compile(r"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?")
# The beginnings that services give to their keys, so that scanners find them.
_MARKED = re.compile(
    r"\b(?:(?:sk|pk|rk|whsec)_(?:live_|test_)?|sk-(?:proj-|ant-)?|gh[opsur]_|github_pat_|glpat-|xox[abeoprs]-"
    r"|npm_|pypi-|hf_|dop_v1_|shp(?:at|ss|ca|pa)_|ya29\.|SG\.|AIza|AGE-SECRET-KEY-|lin_api_|key-)[\w.+/-]{8,}=*"
)
_AWS = re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b")
_SCHEME = re.compile(r"\b((?:authorization\s*[:=]\s*\W?\w+|bearer|basic|digest)\s+)([\w.~+/-]{8,}=*)", re.I)
_LABEL = (
    r"(?:pass(?:word|wd|phrase|code|wort)|pwd|kennwort|contraseña|mot de passe|senha|wachtwoord|hasło"
    r"|пароль|密码|密碼|パスワード|비밀번호|secret|token|api[ _-]?key"
    r"|(?:access|private|secret|signing|encryption)[ _-]?key|credentials?|session(?:[_-]?id)?"
    r"|(?<![^\W_])(?:pin|otp|sid))"
)
_ASSIGNED = re.compile(
    rf"(?P<label>{_LABEL}[\w-]*[\"']?\s*(?:=>?|:=)\s*)(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s\"',;]+)", re.I
)
_TOLD = re.compile(
    rf"(?P<label>(?<![^\W_]){_LABEL}[\w-]*[\"']?(?:\s*[:：]|\s+(?:is|was|lautet|ist|est|es|é)\b\s*:?)\s*)"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”|[^\s\"'`,;]+)(?P<last>(?=[^\S\n]*(?:\n|\Z)))?",
    re.I,
)
_LONG = re.compile(r"(?<![\w-])[\w-]{20,}(?![\w-])|(?<![\w+/.])[A-Za-z0-9+/]{32,}={0,2}(?![\w+/])")
_WORD = re.compile(r"[^\W\d_]?[^\W\dA-Z_]*|[A-Z]{1,12}|\d{1,6}|v\d+")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I)


def without_credentials(text: str) -> str:
    """The text without passwords, keys and tokens, and without what addresses carry of them."""
    text = _PRIVATE_KEY.sub("[secret]", text)
    text = _USERINFO.sub(r"\1", _QUERY.sub(r"\1", text))
    text = _UUID.sub("[id]", text)
    for pattern in (_JWT, _MARKED, _AWS):
        text = pattern.sub(_if_no_slug, text)
    text = _SCHEME.sub(_behind_scheme, text)
    if "=" in text:  # the pattern tries its many words at every letter
        text = _ASSIGNED.sub(_assigned, text)
    text = _TOLD.sub(_told, text)
    return _LONG.sub(_if_no_slug, text)


def _if_no_slug(found: re.Match[str]) -> str:
    return found[0] if _is_words(found[0]) else "[secret]"


def _is_words(token: str) -> bool:
    """Whether it is words and numbers put together, as in a file's name, and no random letters."""
    if token.isdigit():
        return True
    parts = [part for part in re.split(r"[-_./]", token) if part]
    return all(_WORD.fullmatch(part) and len(part) < 25 for part in parts)


def _behind_scheme(found: re.Match[str]) -> str:
    label, token = found[1], found[2]
    is_header = label.lower().startswith("authorization")
    if is_header or len(token) >= 20 or re.search(r"\d", token):
        return f"{label}[secret]"
    return found[0]


def _assigned(found: re.Match[str]) -> str:
    value = found["value"]
    return found[0] if value.startswith("[") else f"{found['label']}{_hidden(value)}"


def _told(found: re.Match[str]) -> str:
    """A value behind a colon or an `is`, which may be prose: "password: open the settings"."""
    label, value = found["label"], found["value"]
    is_quoted = value[0] in _QUOTES
    bare = value if is_quoted else value.rstrip(".!?)]}")
    is_odd = len(bare) > 3 and bool(re.search(r"\d|[^\w\s.-]|[a-z][A-Z]", bare))
    is_all = (
        len(bare) > 3 and label.rstrip().endswith((":", "：")) and value == bare and found["last"] is not None
    )
    if value.startswith("[") or not (is_quoted or is_odd or is_all):
        return found[0]
    return f"{label}{_hidden(bare)}{value[len(bare) :]}"


def _hidden(value: str) -> str:
    return f"{value[0]}[secret]{value[-1]}" if value[0] in _QUOTES and len(value) > 1 else "[secret]"
