"""A film of a terminal as one animated SVG: each row that ever stood there is kept once."""

import re
from typing import NamedTuple

from textual.app import App

FONTS = '"Fira Code", "JetBrains Mono", ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace'
ROW = 24.4  # units from one row to the next in the pictures that Rich draws
TOP = 1.5  # units above the first row's ground
BASELINE = 20.0  # units from there to the first row's text

_LOOK = re.compile(r"\.[\w-]+-(r\d+) \{ (.*?) \}")
_GROUND = re.compile(
    r'<rect fill="(#\w+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="[\d.]+" shape-rendering'
)
_TEXT = re.compile(
    r'<text class="[\w-]+-(r\d+)" x="([\d.]+)" y="[\d.]+" textLength="([\d.]+)" '
    r'clip-path="url\(#[\w-]+-line-(\d+)\)">(.*?)</text>',
    re.DOTALL,
)


class Frame(NamedTuple):
    """The names of its rows from the top, and how long it stands."""

    rows: tuple[str, ...]
    seconds: float


class Film:
    """Collects pictures of a running program; `svg` is the film of them, over and over."""

    def __init__(self) -> None:
        self._looks: dict[str, str] = {}
        self._rows: dict[str, str] = {}
        self._frames: list[Frame] = []
        self._still = 0
        self._around = ("", "")

    def take(self, app: App[object], seconds: float, *, still: bool = False) -> None:
        """Add what is on the screen; of all frames `still` is shown where nothing may move."""
        svg = app.export_screenshot(title="userdesk")
        self._keep_what_is_around(svg)
        rows = tuple(self._row_name(markup) for markup in self._rows_of(svg))
        if self._frames and self._frames[-1].rows == rows:
            last = self._frames.pop()
            seconds += last.seconds
        if still:
            self._still = len(self._frames)
        self._frames.append(Frame(rows, seconds))

    def svg(self) -> str:
        """The whole film; it needs nothing from elsewhere, and stands still for who wants no motion."""
        head, window = self._around
        total = sum(frame.seconds for frame in self._frames)
        rules, at = [], 0.0
        for number, frame in enumerate(self._frames):
            begin, end = 100 * at / total, 100 * (at + frame.seconds) / total
            at += frame.seconds
            hidden = "" if number == 0 else "0%{visibility:hidden}"
            last = "" if number == len(self._frames) - 1 else f"{end:.3f}%,to{{visibility:hidden}}"
            steps = f"{hidden}{begin:.3f}%{{visibility:visible}}{last}"
            rules.append(f"@keyframes k{number}{{{steps}}}#f{number}{{animation-name:k{number}}}")
        looks = "".join(f".{name}{{{look}}}" for look, name in self._looks.items())
        rows = "\n".join(f'<g id="{name}">{markup}</g>' for markup, name in self._rows.items())
        return "\n".join(
            (
                head,
                "<style>",
                f".m{{font-family:{FONTS};font-size:20px;white-space:pre}}",
                ".t{font-size:18px;font-weight:bold;font-family:arial}",
                looks,
                f".f{{visibility:hidden;animation:{total:.2f}s step-end infinite}}",
                *rules,
                "@media (prefers-reduced-motion:reduce){.f{animation:none}}",
                "</style>",
                f"<defs>\n{rows}\n</defs>",
                window,
                '<g class="m" transform="translate(9,41)">',
                *(self._frame(number, frame) for number, frame in enumerate(self._frames)),
                "</g>\n</svg>\n",
            )
        )

    def _frame(self, number: int, frame: Frame) -> str:
        uses = "".join(
            f'<use href="#{name}" y="{at * ROW:.1f}"/>' for at, name in enumerate(frame.rows) if name
        )
        moving = f'<g id="f{number}" class="f">{uses}</g>'
        # The still frame lies below the others: where they move, they cover it.
        return f"<g>{uses}</g>{moving}" if number == self._still else moving

    def _keep_what_is_around(self, svg: str) -> None:
        head = re.search(r"<svg[^>]*>", svg)
        window = re.search(r'<rect fill="#292929".*?(?=<g transform="translate\(9, 41\)")', svg, re.DOTALL)
        assert head and window, "Rich draws terminals differently now"
        # Without it some viewers drop the blanks that a text begins with.
        head_line = head[0].replace(">", ' xml:space="preserve">')
        self._around = head_line, re.sub(r'class="[\w-]+-title"', 'class="t"', window[0]).strip()

    def _rows_of(self, svg: str) -> list[str]:
        looks = {name: self._look_name(look.strip()) for name, look in _LOOK.findall(svg)}
        rows: dict[int, list[str]] = {}
        for fill, x, y, width in self._merged_grounds(svg):
            rows.setdefault(round((y - TOP) / ROW), []).append(
                f'<rect fill="{fill}" x="{x:g}" y="{TOP}" width="{width + 0.3:g}" height="{ROW + 0.25:g}"/>'
            )
        for look, x, length, line, words in _TEXT.findall(svg):
            if words.replace("&#160;", "").strip():
                rows.setdefault(int(line), []).append(
                    f'<text class="{looks[look]}" x="{x}" y="{BASELINE:g}" textLength="{length}">'
                    f"{words.replace('&#160;', chr(160))}</text>"
                )
        return ["".join(rows.get(number, ())) for number in range(max(rows, default=-1) + 1)]

    def _merged_grounds(self, svg: str) -> list[tuple[str, float, float, float]]:
        """The grounds of cells, those side by side and of one colour as one."""
        merged: list[tuple[str, float, float, float]] = []
        for fill, *numbers in _GROUND.findall(svg):
            x, y, width = map(float, numbers)
            if merged and (fill, y) == (merged[-1][0], merged[-1][2]):
                _, begin, _, _ = merged[-1]
                merged[-1] = (fill, begin, y, round(x + width - begin, 1))
            else:
                merged.append((fill, x, y, width))
        return merged

    def _look_name(self, look: str) -> str:
        return self._looks.setdefault(look.replace(" ", ""), f"l{len(self._looks)}")

    def _row_name(self, markup: str) -> str:
        return self._rows.setdefault(markup, f"r{len(self._rows)}") if markup else ""
