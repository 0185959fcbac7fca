"""userdesk: a full-screen terminal client for chatbots hosted on Userdesk, and what scripts may use of it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from userdesk.domain.failure import Failure, UserdeskError
    from userdesk.library import Answer, Client, Stream, read_questions, run, write_report
    from userdesk.questions.model import Pattern, Question, QuestionsError, QuestionSet
    from userdesk.questions.outcome import Outcome, Result, Run
    from userdesk.questions.report import Report
    from userdesk.settings.model import SettingsError

__version__ = "0.2.0"
__all__ = [
    "Answer",
    "Client",
    "Failure",
    "Outcome",
    "Pattern",
    "Question",
    "QuestionSet",
    "QuestionsError",
    "Report",
    "Result",
    "Run",
    "SettingsError",
    "Stream",
    "UserdeskError",
    "read_questions",
    "run",
    "write_report",
]
_MODULES = {
    "domain.failure": ("Failure", "UserdeskError"),
    "library": ("Answer", "Client", "Stream", "read_questions", "run", "write_report"),
    "questions.model": ("Pattern", "Question", "QuestionSet", "QuestionsError"),
    "questions.outcome": ("Outcome", "Result", "Run"),
    "questions.report": ("Report",),
    "settings.model": ("SettingsError",),
}


def __getattr__(name: str) -> Any:
    """What is exported, imported when it is first used: the program's start does without."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"userdesk.{module}"), name)
    raise AttributeError(f"module 'userdesk' has no attribute {name!r}")
