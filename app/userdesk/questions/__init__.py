"""Question sets: what a chatbot is asked, what is expected of its answers, and the report."""

from userdesk.questions.model import Pattern, Question, QuestionsError, QuestionSet, joined
from userdesk.questions.outcome import Outcome, Report, Result
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions
from userdesk.questions.run import QuestionSetRun
from userdesk.questions.verdict import judge

__all__ = [
    "Outcome",
    "Pattern",
    "PatternMatcher",
    "Question",
    "QuestionSet",
    "QuestionSetRun",
    "QuestionsError",
    "Report",
    "Result",
    "find_questions",
    "joined",
    "judge",
    "read_questions",
]
