"""A judge without a model: every word of the meaning must stand in the answer, or one that means the same.

Usage in a question set:  judge = ["python3", "judge_words.py", "words.txt"]

Each line of the word list has words that mean the same, separated by commas:

    closed, shut, not open
    refund, money back, reimbursement
"""

import json
import re
import sys
from pathlib import Path

SMALL_WORDS = [
    "a",
    "an",
    "and",
    "are",
    "at",
    "be",
    "by",
    "for",
    "from",
    "in",
    "is",
    "it",
    "of",
    "on",
    "or",
    "that",
    "the",
    "to",
    "we",
    "with",
    "you",
    "your",
]


def same_words(path: str) -> list[list[str]]:
    """Each line of the list, as the words that mean the same."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [[word.strip().lower() for word in line.split(",")] for line in lines if line.strip()]


def stem(word: str) -> str:
    """A word without the ending of its plural."""
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def main() -> None:
    """Read one question from standard input, print one verdict."""
    asked = json.load(sys.stdin)
    lists = [group for path in sys.argv[1:] for group in same_words(path)]
    answer = asked["answer"].lower()
    words = [word for word in re.findall(r"\w+", asked["meaning"].lower()) if word not in SMALL_WORDS]
    missing = []
    for word in words:
        groups = [group for group in lists if stem(word) in map(stem, group)]
        alike = [word, *(other for group in groups for other in group)]
        if not any(re.search(rf"\b{re.escape(stem(each))}", answer) for each in alike):
            missing.append(word)
    verdict = {
        "held": not missing,
        "score": round(1 - len(missing) / max(1, len(words)), 2),
        "reason": "missing: " + ", ".join(missing) if missing else "every word was found",
    }
    print(json.dumps(verdict))


if __name__ == "__main__":
    main()
