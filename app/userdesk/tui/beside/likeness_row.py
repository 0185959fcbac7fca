"""How alike the last answers of two chatbots are."""

from textual.widgets import Static

from userdesk.domain.message import Message, Status

MOST_COMPARED = 50_000  # characters of an answer; comparing longer ones would keep keys waiting


class LikenessRow(Static):
    """One quiet row, empty until both have answered the same question."""

    def __init__(self) -> None:
        super().__init__("", id="likeness", markup=False)
        self._compared: list[str] = []

    def show(self, *turns: tuple[str, Message] | None) -> None:
        """Compare two answers, each with its question; None where there is none yet."""
        whole = [turn for turn in turns if turn and turn[1].status is Status.COMPLETE]
        asked, texts = {question for question, _ in whole}, [answer.text for _, answer in whole]
        is_told = len(whole) == 2 and len(asked) == 1 and max(map(len, texts)) <= MOST_COMPARED
        if texts != self._compared or not is_told:
            self._compared = texts if is_told else []
            self.update(f"{_likeness(*texts)} % alike" if is_told else "")


def _likeness(left: str, right: str) -> int:
    from userdesk.questions.likeness import likeness  # whose library no start needs

    return likeness(left, right)
