import pytest

from userdesk.commands.exit_status import ExitStatus
from userdesk.domain.failure import Failure, FailureKind


@pytest.mark.parametrize(
    ("kind", "status", "exit_status"),
    [
        (FailureKind.MISSING_KEY, 401, 3),
        (FailureKind.WRONG_KEY, 401, 3),
        (FailureKind.ACCESS_DENIED, 403, 3),
        (FailureKind.BAD_REQUEST, 400, 4),
        (FailureKind.INVALID_CONVERSATION, 400, 4),
        (FailureKind.OTHER_STATUS, 404, 4),
        (FailureKind.OTHER_STATUS, 422, 4),
        (FailureKind.OTHER_STATUS, 302, 5),
        (FailureKind.OTHER_STATUS, 503, 5),
        (FailureKind.SERVER_ERROR, 500, 5),
        (FailureKind.RATE_LIMITED, 429, 5),
        (FailureKind.UNREADABLE_ANSWER, 200, 5),
        (FailureKind.UNREADABLE_ANSWER, None, 5),
        (FailureKind.REFUSED, None, 6),
        (FailureKind.DNS, None, 6),
        (FailureKind.TLS, None, 6),
        (FailureKind.PROXY, None, 6),
        (FailureKind.PROXY, 407, 6),
        (FailureKind.CONNECT_TIMEOUT, None, 6),
        (FailureKind.INTERRUPTED, 200, 6),
        (FailureKind.CONFIGURATION, None, 2),
    ],
)
def test_each_failure_has_its_exit_status(kind: FailureKind, status: int | None, exit_status: int) -> None:
    assert ExitStatus(Failure(kind, "…", status=status).exit_code) == exit_status


def test_every_kind_of_failure_ends_with_another_status_than_done() -> None:
    for kind in FailureKind:
        assert ExitStatus(Failure(kind, "…").exit_code) is not ExitStatus.DONE
