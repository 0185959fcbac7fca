"""What is coloured in the code of common languages: their words, comments and strings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """How one language, or a family of them, is read line by line."""

    words: frozenset[str] = frozenset()
    comments: tuple[str, ...] = ()
    """What begins a comment up to the line's end."""
    blocks: tuple[tuple[str, str], ...] = ()
    """Begin and end of comments over several lines."""
    quotes: str = "\"'"
    long_quotes: tuple[str, ...] = ()
    """Quotes whose strings go over several lines."""
    key: str = ""
    """A pattern of what names a value: a setting, an attribute, a tag."""
    any_case: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_C_WORDS = (
    "auto bool break case catch char class const constexpr continue default delete do double else enum "
    "explicit export extern false final float for friend goto if inline int long mutable namespace new "
    "noexcept nullptr operator override private protected public register return short signed sizeof "
    "static struct switch template this throw true try typedef typename union unsigned using virtual "
    "void volatile while #include #define #ifdef #ifndef #endif #if #else #pragma"
)
_JAVA_WORDS = (
    "abstract as async await base bool boolean break byte case catch char class const continue data "
    "decimal default def do double else enum event extends false final finally float for foreach fun "
    "get if implements import in init instanceof int interface internal is lateinit let lock long "
    "namespace native new null object open operator out override package params private protected "
    "public readonly record ref return sealed set short static string struct super suspend switch "
    "synchronized this throw throws trait true try typeof val var virtual void volatile when where "
    "while with yield match"
)
_SCRIPT_WORDS = (
    "abstract any as async await boolean break case catch class const continue debugger declare default "
    "delete do else enum export extends false finally for from function get if implements import in "
    "infer instanceof interface is keyof let module namespace never new null number object of private "
    "protected public readonly return set static string super switch this throw true try type typeof "
    "undefined unknown var void while with yield"
)
_PYTHON_WORDS = (
    "False None True and as assert async await break case class continue def del elif else except "
    "finally for from global if import in is lambda match nonlocal not or pass raise return self try "
    "while with yield"
)
_GO_WORDS = (
    "any bool break byte case chan const continue default defer else error fallthrough false float64 "
    "for func go goto if import int int64 interface iota map nil package range return rune select "
    "string struct switch true type uint var"
)
_RUST_WORDS = (
    "Self as async await bool break char const continue crate dyn else enum extern f32 f64 false fn for "
    "i32 i64 if impl in let loop match mod move mut pub ref return self static str struct super trait "
    "true type u32 u64 u8 unsafe use usize where while None Some Ok Err"
)
_SWIFT_WORDS = (
    "Any Self actor as async await break case catch class continue default defer deinit do else enum "
    "extension false fallthrough for func guard if import in init inout internal is let nil open "
    "override private protocol public repeat return self static struct subscript super switch throw "
    "throws true try typealias var where while"
)
_SHELL_WORDS = (
    "alias break case cd continue declare do done echo elif else esac eval exec exit export fi for "
    "function if in local read readonly return set shift source sudo then trap unset until while"
)
_SQL_WORDS = (
    "add all alter and as asc begin between by cascade case check column commit constraint create cross "
    "database default delete desc distinct drop else end exists false foreign from full grant group "
    "having if in index inner insert into is join key left like limit not null offset on or order outer "
    "primary references returning revoke right rollback select set table then true truncate union "
    "unique update using values view when where with"
)
_RUBY_WORDS = (
    "alias and attr_accessor attr_reader begin break case class def do else elsif end ensure extend "
    "false for if in include module next nil not or private protected puts raise require rescue return "
    "self super then true unless until when while yield"
)
_PHP_WORDS = (
    "abstract array as break case catch class const continue default do echo else elseif extends false "
    "final finally fn for foreach function global if implements interface match namespace new null "
    "private protected public return static switch this throw trait true try use var while"
)
_LUA_WORDS = (
    "and break do else elseif end false for function if in local nil not or repeat return then true "
    "until while"
)
_R_WORDS = "FALSE Inf NA NULL NaN TRUE break else for function if in library next repeat return while"
_DOCKER_WORDS = "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN USER VOLUME WORKDIR"
_HASKELL_WORDS = (
    "case class data deriving do else if import in infixl infixr instance let module newtype of "
    "otherwise then type where"
)
_C = Language(_words(_C_WORDS), ("//",), (("/*", "*/"),))
_JAVA = Language(_words(_JAVA_WORDS), ("//",), (("/*", "*/"),), long_quotes=('"""',))
_SCRIPT = Language(_words(_SCRIPT_WORDS), ("//",), (("/*", "*/"),), long_quotes=("`",))
_PYTHON = Language(_words(_PYTHON_WORDS), ("#",), long_quotes=('"""', "'''"))
_GO = Language(_words(_GO_WORDS), ("//",), (("/*", "*/"),), long_quotes=("`",))
_RUST = Language(_words(_RUST_WORDS), ("//",), (("/*", "*/"),), quotes='"')
_SWIFT = Language(_words(_SWIFT_WORDS), ("//",), (("/*", "*/"),), quotes='"', long_quotes=('"""',))
_SHELL = Language(_words(_SHELL_WORDS), ("#",), long_quotes=('"',), quotes="'")
_SQL = Language(_words(_SQL_WORDS), ("--",), (("/*", "*/"),), any_case=True)
_RUBY = Language(_words(_RUBY_WORDS), ("#",))
_PHP = Language(_words(_PHP_WORDS), ("//", "#"), (("/*", "*/"),))
_LUA = Language(_words(_LUA_WORDS), ("--",), (("--[[", "]]"),))
_R = Language(_words(_R_WORDS), ("#",))
_HASKELL = Language(_words(_HASKELL_WORDS), ("--",), (("{-", "-}"),), quotes='"')
_DOCKER = Language(_words(_DOCKER_WORDS), ("#",))
_MAKE = Language(
    _words("ifeq ifneq ifdef else endif include export define endef"), ("#",), key=r"^[\w./%$() -]+(?=:)"
)
_JSON = Language(
    _words("true false null"), ("//",), (("/*", "*/"),), quotes='"', key=r'"(?:[^"\\]|\\.)*"(?=\s*:)'
)
_YAML = Language(_words("true false null yes no"), ("#",), key=r"^[\s-]*[\w./-]+(?=:(?:\s|$))")
_TOML = Language(
    _words("true false"), ("#", ";"), long_quotes=('"""', "'''"), key=r"^\s*\[.*\]|^\s*[\w.\"-]+(?=\s*=)"
)
_MARKUP = Language(quotes="\"'", blocks=(("<!--", "-->"),), key=r"</?[\w:!?-]+|/?>|[\w:-]+(?==)")
_CSS = Language(_words("!important"), blocks=(("/*", "*/"),), key=r"[\w-]+(?=\s*:)|[.#@][\w-]+")

_NAMES = (
    (_PYTHON, "python py python3 py3 pycon"),
    (_SCRIPT, "javascript js jsx typescript ts tsx mjs node"),
    (_JSON, "json jsonc json5 jsonl"),
    (_SHELL, "bash sh shell zsh console shell-session fish"),
    (_C, "c cpp c++ cc h hpp objective-c objc arduino glsl"),
    (_JAVA, "java kotlin kt scala csharp c# cs dart groovy"),
    (_GO, "go golang"),
    (_RUST, "rust rs"),
    (_SWIFT, "swift"),
    (_SQL, "sql postgresql postgres mysql sqlite plsql"),
    (_RUBY, "ruby rb elixir crystal"),
    (_PHP, "php"),
    (_LUA, "lua"),
    (_R, "r"),
    (_HASKELL, "haskell hs elm"),
    (_DOCKER, "dockerfile docker"),
    (_MAKE, "make makefile"),
    (_YAML, "yaml yml"),
    (_TOML, "toml ini cfg conf properties env dotenv"),
    (_MARKUP, "html xml svg vue xhtml svelte"),
    (_CSS, "css scss sass less tcss"),
)
LANGUAGES = {name: language for language, names in _NAMES for name in names.split()}
"""The name behind a fence's marks → how its code is read."""
DIFFS = frozenset(("diff", "patch"))
