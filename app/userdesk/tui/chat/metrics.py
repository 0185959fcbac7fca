"""How fast the answers of a conversation came."""

from collections.abc import Iterable
from statistics import median, quantiles

from userdesk.domain.message import Message
from userdesk.domain.wording import seconds


def metrics_line(messages: Iterable[Message]) -> str:
    """First text and total of the answers: median and 95th percentile, in one line."""
    metrics = [message.metrics for message in messages if message.metrics]
    if not metrics:
        return "No answer with figures yet"
    firsts = [each.first_text for each in metrics if each.first_text is not None]
    first = f"first text {_both(firsts)} · " if firsts else ""
    counted = "1 answer" if len(metrics) == 1 else f"{len(metrics)} answers"
    return f"{counted} · {first}whole {_both([each.total for each in metrics])}"


def _both(values: list[float]) -> str:
    high = quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
    return f"{seconds(median(values))} median, {seconds(high)} p95"
