"""Texts that show what a message log can do."""

MARKDOWN = """\
# Markdown, at its best

Answers are drawn *while they stream*: **bold**, *italic*, ***both***, ~~struck out~~, `inline code`,
and links such as [the CommonMark specification](https://commonmark.org "CommonMark").

## Lists

1. First things first
   - nested once
     - and once more
   - with `code` inside
2. Then the second
3. And the third

- [x] start the program
- [x] ask a question
- [ ] connect a real chatbot with **F9**

## A table

| Plan     | Price | Conversations | Support      |
|:---------|------:|:-------------:|:-------------|
| Free     |   0 € |      100      | community    |
| Team     |  29 € |     5 000     | email        |
| Business | 119 € |   unlimited   | **day and night** |

## Code

```python
async def read(stream: AnswerStream) -> str:
    \"\"\"The whole answer, one chunk after the other.\"\"\"
    text = ""
    async for chunk in stream:
        text += chunk.text
    return text  # every character whole, wherever it was cut
```

```rust
fn main() {
    let words = ["stream", "of", "bytes"];
    println!("{}", words.iter().rev().copied().collect::<Vec<_>>().join(" "));
}
```

## A quote

> The end of the body is the end of the message.
>
> > There is no event framing.

---

### And a last word

A footnote to all this: `List<String>` stays as it is, and so do 2 * 3 * 4 and snake_case_names.
"""

UNICODE = """\
# Scripts, emoji and lines

| what | sample |
|---|---|
| Chinese | 你好，世界。今天的天气很好。 |
| Japanese | こんにちは世界。カタカナとひらがな。 |
| Korean | 안녕하세요, 세계! |
| Arabic | مرحبا بالعالم، كيف حالك اليوم؟ |
| Hebrew | שלום עולם, מה שלומך? |
| Persian | می‌خواهم فارسی بنویسم |
| Hindi | नमस्ते दुनिया, आप कैसे हैं? |
| Thai | สวัสดีชาวโลก |
| Greek | Γειά σου Κόσμε |
| Russian | Привет, мир! |
| Vietnamese | Xin chào thế giới, tiếng Việt có dấu |

**Emoji**: 😀 🎉 🚀 ❤️ ☎️ ⚠️ ✅, with skin tones 👍🏻 👍🏽 👍🏿, joined 👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈, keycaps 1️⃣ 2️⃣ 3️⃣.

**Flags**: 🇪🇸 🇩🇪 🇯🇵 🇧🇷 🇺🇦 🇮🇳

**Combining marks**: e\u0301 = é, n\u0303 = ñ,
Z\u0351\u036b\u0343\u036a\u0302a\u0328\u0310l\u034dg\u0309o\u0322

**Mathematics**: ∀ε > 0 ∃δ > 0: |x − a| < δ ⇒ |f(x) − f(a)| < ε, and 𝔘𝔫𝔦𝔠𝔬𝔡𝔢

```
┌──────────┬──────────┐   ╔══════════╗
│ light    │ box      │   ║ double   ║
├──────────┼──────────┤   ╠══════════╣
│ 全角文字 │ wide     │   ║ ▁▂▃▄▅▆▇█ ║
└──────────┴──────────┘   ╚══════════╝
```
"""

SLOW = """\
This answer takes its time. About one piece a second comes, and nothing in between; \
that is what a busy chatbot looks like. You can go on typing meanwhile, scroll, or switch to \
another conversation with **F8**: this answer goes on in its own place. **Esc** stops it and keeps \
what has arrived. Are you still there? Good. Here is the end of it."""

DROPPED = """\
This answer breaks off in the middle: the connection is closed before the end of the body, as it \
happens when a proxy gives up or the Wi-Fi is gone. What you can read now is kept and marked \
*interrupted*, and Ctrl+R offers to send the question again. These last words never leave the \
server, so nobody has ever read them: the half that was sent is all that there is of this answer, \
and whatever stands here is only known to the one who wrote it down."""

LONGEST = 100_000
"""Characters of the longest answer."""
LONG_LINES = 200

_SENTENCES = (
    "A long answer streams like a short one.",
    "Scroll up with **PageUp** while it comes: the view stays where you put it.",
    "**Ctrl+End** follows the end again.",
    "Every line is drawn only while it can be seen.",
    "Typing stays quick, because the screen takes what is there once a frame.",
    "Words such as 日本語 or naïve, and signs such as 🚀, are as wide as your terminal draws them.",
    "`Esc` stops, and what arrived is kept.",
)


def long_answer(lines: int = LONG_LINES) -> str:
    """That many lines, as far as they fit into `LONGEST` characters, under a heading here and there."""
    text = ""
    for number in range(1, lines + 1):
        heading = f"## Part {number // 20 + 1}\n\n" if number % 20 == 1 else ""
        end = "\n\n" if number % 20 == 0 else "\n"
        part = f"{heading}{number}. {_SENTENCES[number % len(_SENTENCES)]}{end}"
        if len(text) + len(part) > LONGEST:
            break
        text += part
    return text
