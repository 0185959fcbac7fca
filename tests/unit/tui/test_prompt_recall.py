from userdesk.tui.input.input_bar import PromptRecall


def stepped(recall: PromptRecall, direction: int, text: str) -> str | None:
    """Step as the input bar does; the text that it shows then."""
    step = recall.step(direction, text)
    if step is None:
        return None
    recall.go_to(step[0])
    return step[1]


def test_steps_go_back_to_the_oldest_prompt_and_forward_to_what_was_being_written() -> None:
    recall = PromptRecall()
    assert stepped(recall, -1, "draft") is None, "there is none"
    recall.remember(["one", "two"], "draft")
    assert not recall.is_begun and not recall.shows("draft")
    assert stepped(recall, -1, "draft") == "two" and recall.unsent == "draft"
    assert recall.is_begun and recall.shows("two")
    assert stepped(recall, -1, "two") == stepped(recall, -1, "one") == "one"
    assert stepped(recall, 1, "one") == "two"
    assert stepped(recall, 1, "two") == "draft" and not recall.is_begun
    assert stepped(recall, 1, "draft") == "draft"


def test_an_earlier_prompt_that_was_changed_is_a_draft_of_its_own() -> None:
    recall = PromptRecall()
    recall.remember(["one", "two"], "")
    stepped(recall, -1, "draft")
    assert not recall.shows("two, changed") and recall.is_begun
    assert stepped(recall, -1, "two, changed") is None
    recall.remember(["two"], "two, changed")
    assert not recall.is_begun


def test_a_prompt_that_is_looked_at_stays_when_others_come() -> None:
    recall = PromptRecall()
    recall.remember(["one", "two\x1b"], "")
    shown = stepped(recall, -1, "")
    assert shown == "two\x1b" and recall.shows("two\N{REPLACEMENT CHARACTER}"), "as the input bar shows it"
    recall.remember(["two\x1b", "three"], "two\N{REPLACEMENT CHARACTER}")
    assert stepped(recall, 1, "two\N{REPLACEMENT CHARACTER}") == "three"
    recall.remember(["other"], "three")
    assert not recall.is_begun
