"""What `userdesk check` is given: question sets, earlier reports, and the flags that change what is asked."""

from dataclasses import replace

from userdesk.commands.asking import Input, Request
from userdesk.questions.judging import check_judges
from userdesk.questions.model import QuestionsError, QuestionSet, joined
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions
from userdesk.questions.report_files import check_file, check_report_file
from userdesk.questions.report_json import read_report
from userdesk.questions.selection import chosen, of_chosen, tagged, unsettled
from userdesk.settings import Options, SettingsError


def read_input(request: Request, options: Options, matcher: PatternMatcher) -> Input:
    """Read everything. Raises SettingsError at whatever would come to nothing."""
    try:
        _check_flags(request, are_two=options.beside is not None)
        for path in request.reports:
            check_report_file(path)
        if request.prometheus:
            check_file("--prometheus", request.prometheus)
        whole = joined([read_questions(find_questions(each), matcher) for each in request.questions])
        baseline = read_report(request.baseline) if request.baseline else None
        questions = _chosen(whole, request)
        notes = []
        if len(questions.questions) < len(whole.questions):
            notes.append(f"Asked {len(questions.questions)} of {len(whole.questions)} questions.")
            baseline = of_chosen(baseline, whole, questions) if baseline is not None else None
        questions = _with_flags(questions, request)
        check_judges(questions, allowed=request.allow_judge)
    except QuestionsError as error:
        raise SettingsError(str(error)) from error
    is_compared = baseline is not None or options.beside
    if not is_compared and any(each.likeness is not None for each in questions.questions):
        notes.append("Likeness was not judged: there is no --baseline to compare with.")
    return Input(questions, len(whole.questions), baseline, tuple(notes))


def _check_flags(request: Request, *, are_two: bool) -> None:
    """Raises QuestionsError where flags do not go together."""
    if are_two and request.baseline:
        raise QuestionsError("--baseline compares one chatbot with an earlier run: name one")
    if are_two and request.every is not None:
        raise QuestionsError("--every watches one chatbot: name one")
    if not are_two and not request.baseline:
        comparing = {
            "--differs-below": request.differs_below is not None,
            "--fail-on new": request.fail_on == "new",
        }
        for flag, is_given in comparing.items():
            if is_given:
                raise QuestionsError(f"{flag} needs --baseline, or two chatbots")


def _chosen(questions: QuestionSet, request: Request) -> QuestionSet:
    """The questions that --only and --only-failed leave. Raises QuestionsError where that is none."""
    numbers = set(range(len(questions.questions)))
    if request.only:
        numbers &= tagged(questions, request.only)
    if request.only_failed:
        numbers &= unsettled(questions, read_report(request.only_failed))
        if not numbers:
            raise QuestionsError(f"--only-failed {request.only_failed}: none of these questions failed there")
    return chosen(questions, numbers) if len(numbers) < len(questions.questions) else questions


def _with_flags(questions: QuestionSet, request: Request) -> QuestionSet:
    """The questions with what flags say in place of the file. Raises QuestionsError."""
    asked = tuple(
        replace(
            each,
            repeat=request.repeat or each.repeat,
            need=request.need or each.need,
            likeness=request.differs_below if each.likeness is None else each.likeness,
        )
        for each in questions.questions
    )
    most = max(each.repeat or 1 for each in asked)
    if request.need and request.need > most:
        times = f"{most} time{'' if most == 1 else 's'}"
        raise QuestionsError(f"--need {request.need}: no question is asked more than {times} (see --repeat)")
    return replace(questions, questions=asked)
