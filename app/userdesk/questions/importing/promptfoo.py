"""Questions out of promptfoo's YAML: its tests, with what their prompt makes of their variables.

The form of the file is that of promptfoo's documentation, "Test case configuration".
"""

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from userdesk.files.user_files import UnreadableFile
from userdesk.questions.importing.assertions import NotTaken, with_assertion
from userdesk.questions.importing.imported import Imported
from userdesk.questions.model import Question
from userdesk.questions.writing import Entry

MOST_NODES = 200_000
"""Values of a file that are read: aliases can make a short file endless."""
MOST_COMBINATIONS = 1000
"""Questions that one test with lists of values may stand for."""
_ASKS = ("question", "ask", "prompt", "input", "query", "message")
_VARIABLE = re.compile(r"{{-?\s*([\w.]+)\s*-?}}")
_TAKEN = ("vars", "assert", "metadata", "description")


class _Map(dict[str, Any]):
    line = 1


class _List(list[Any]):
    line = 1


def read_promptfoo(text: str) -> Imported:
    """The tests of a configuration, or of a file of tests alone. Raises UnreadableFile."""
    document = _document(text)
    if isinstance(document, _List):
        document = _Map(tests=document)
    if not isinstance(document, _Map) or "tests" not in document:
        raise UnreadableFile("expected promptfoo's tests", getattr(document, "line", 1))
    tests, imported = document["tests"], Imported()
    if not isinstance(tests, list):
        raise UnreadableFile(
            "tests: expected a list; tests in other files are imported from there", document.line
        )
    default = document.get("defaultTest")
    default = default if isinstance(default, _Map) else _Map()
    prompts = document.get("prompts", [])
    prompts = [prompts] if isinstance(prompts, str) else prompts
    templates = [each for each in prompts if isinstance(each, str)] if isinstance(prompts, list) else []
    if len(templates) > 1:
        imported.leave_out(document.line, "prompts: the first is used, the others were left out")
    for test in tests:
        if isinstance(test, _Map):
            _add(imported, test, default, templates[0] if templates else None)
        else:
            imported.leave_out(getattr(tests, "line", 1), "a test that is no mapping was left out")
    return imported


def _add(imported: Imported, test: _Map, default: _Map, template: str | None) -> None:
    for key in test.keys() - set(_TAKEN):
        imported.leave_out(test.line, f"{key} was left out")
    metadata = {**_mapping(default.get("metadata")), **_mapping(test.get("metadata"))}
    tags = tuple(_tags(metadata))
    variables = {**_mapping(default.get("vars")), **_mapping(test.get("vars"))}
    for number, values in enumerate(_combinations(variables)):
        ask, why = _asked(values, template)
        if not ask:
            imported.leave_out(test.line, f"a test was left out: {why}")
            return
        question = Question(ask=ask, new_conversation=True, tags=tags)
        for assertion in [*_assertions(default), *_assertions(test)]:
            try:
                question = _asserted(question, assertion, values)
            except NotTaken as error:
                if not number:  # once for all combinations
                    imported.leave_out(getattr(assertion, "line", test.line), str(error))
        imported.add(Entry(question), test.line)


def _combinations(variables: dict[str, Any]) -> list[dict[str, str]]:
    """The values of variables as texts: a list stands for one test with each of its values."""
    lists = [value if isinstance(value, list) else [value] for value in variables.values()]
    combined = islice(product(*lists), MOST_COMBINATIONS)
    return [
        {
            name: str(value)
            for name, value in zip(variables, values, strict=True)
            if isinstance(value, str | int | float)
        }
        for values in combined
    ]


def _asserted(question: Question, assertion: object, values: dict[str, str]) -> Question:
    if not isinstance(assertion, _Map) or not isinstance(kind := assertion.get("type"), str):
        raise NotTaken("an assertion without a type")
    value = assertion.get("value")
    if isinstance(value, str):
        value = _filled(value, values)
    elif isinstance(value, list):
        value = [_filled(each, values) if isinstance(each, str) else each for each in value]
    return with_assertion(question, kind, value, assertion.get("threshold"))


def _filled(text: str, values: dict[str, str]) -> str:
    """A template with its variables filled in; those that are not known stay."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def _asked(values: dict[str, str], template: str | None) -> tuple[str, str]:
    """What the prompt makes of the variables; or nothing, and why."""
    if template is not None and not re.match(r"(?:file|exec)://|.*\.(?:txt|json|yaml|js|py)$", template):
        if missing := [name for name in _VARIABLE.findall(template) if name not in values]:
            return "", f"its prompt wants {missing[0]}, which it does not have"
        return _filled(template, values).strip(), "its prompt is empty"
    named = [values[name] for name in _ASKS if name in values] or list(values.values())
    if len(named) == 1 or (named and any(name in values for name in _ASKS)):
        return named[0].strip(), "it asks nothing"
    return "", f"expected one variable, or one named {', '.join(_ASKS)}"


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _assertions(test: _Map) -> list[Any]:
    value = test.get("assert", [])
    return value if isinstance(value, list) else [value]


def _tags(metadata: dict[str, Any]) -> Iterator[str]:
    for key, value in metadata.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str | int | float):
                yield str(each) if key in ("tag", "tags") else f"{key}:{each}"


def _document(text: str) -> Any:
    try:
        import yaml
    except ImportError:
        raise UnreadableFile("YAML needs PyYAML: install userdesk[import]") from None
    try:
        return _Reading().value(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableFile("expected YAML", line) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise UnreadableFile("expected YAML that is not nested too deeply", 1) from None


class _Reading:
    """Makes values of YAML's nodes, with the lines that a loader would lose."""

    def __init__(self) -> None:
        self._left = MOST_NODES

    def value(self, node: Any) -> Any:
        import yaml

        self._left -= 1
        if self._left < 0:
            raise UnreadableFile(f"expected at most {MOST_NODES} values", node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            mapping = _Map((str(self.value(key)), self.value(value)) for key, value in node.value)
            mapping.line = node.start_mark.line + 1
            return mapping
        if isinstance(node, yaml.SequenceNode):
            sequence = _List(self.value(each) for each in node.value)
            sequence.line = node.start_mark.line + 1
            return sequence
        return _scalar(node) if node else None


def _scalar(node: Any) -> Any:
    kind = node.tag.rpartition(":")[2]
    if kind in ("int", "float"):
        try:
            return float(node.value) if kind == "float" else int(node.value)
        except ValueError:  # octal, hexadecimal, infinite
            return node.value
    if kind == "bool":
        return node.value.lower() in ("yes", "true", "on")
    return None if kind == "null" else node.value
