// Fingers: a row of keys that telephones lack, and swipes, which turn the wheel.

const KEYS = [
  ["Esc", "\x1b"],
  ["Tab", "\t"],
  ["↑", "\x1b[A"],
  ["↓", "\x1b[B"],
  ["New", "\x1bOQ"], // F2
  ["Switch", "\x1bOR"], // F3
  ["Commands", "\x1bOS"], // F4
];
const WHEEL = 3; // rows that the program moves at a turn of the wheel
const SLOP = 8; // CSS pixels that a finger may move in a tap
const SLOWING = 0.94; // of a swipe's speed, a frame after the finger has gone
const SLOWEST = 0.05; // px/ms

export function addTouchKeys(row, type) {
  for (const [name, sequence] of KEYS) {
    const key = document.createElement("button");
    key.type = "button";
    key.textContent = name;
    key.onpointerdown = (event) => event.preventDefault(); // the on-screen keyboard stays as it is
    key.onclick = () => type(sequence);
    row.append(key);
  }
}

export function turnWheelBySwipes(place, terminal, type) {
  let finger = null; // where it was, and when, and how fast
  let rest = 0; // px that make no turn yet
  let gliding = 0;

  const turn = (pixels, at) => {
    const screen = place.querySelector(".xterm-screen").getBoundingClientRect();
    const height = screen.height / terminal.rows;
    const column = Math.ceil(((at.clientX - screen.left) / screen.width) * terminal.cols);
    const row = Math.ceil((at.clientY - screen.top) / height);
    const held = (value, most) => Math.max(1, Math.min(value, most));
    rest += pixels;
    const turns = Math.trunc(rest / (WHEEL * height));
    rest -= turns * WHEEL * height;
    // A report of the mouse (SGR): 64 is the wheel turned up, 65 down.
    const report = `\x1b[<${turns > 0 ? 64 : 65};${held(column, terminal.cols)};${held(row, terminal.rows)}M`;
    if (turns) type(report.repeat(Math.abs(turns)));
  };

  place.addEventListener("touchstart", (event) => {
    cancelAnimationFrame(gliding);
    rest = 0;
    const [{ clientX, clientY }] = event.touches;
    finger = event.touches.length === 1 ? { clientX, clientY, at: event.timeStamp, speed: 0, swipes: false } : null;
  });

  place.addEventListener(
    "touchmove",
    (event) => {
      if (!finger) return;
      const [{ clientY }] = event.touches;
      const moved = clientY - finger.clientY;
      finger.swipes ||= Math.abs(moved) > SLOP;
      if (!finger.swipes) return;
      event.preventDefault(); // no press follows
      turn(moved, finger);
      finger.speed = moved / Math.max(1, event.timeStamp - finger.at);
      finger.clientY = clientY;
      finger.at = event.timeStamp;
    },
    { passive: false },
  );

  place.addEventListener("touchend", (event) => {
    if (!finger?.swipes) return;
    event.preventDefault();
    const from = finger;
    finger = null;
    let before = event.timeStamp;
    if (before - from.at > 100) return; // it had come to rest
    const glide = (now) => {
      turn(from.speed * Math.max(0, now - before), from);
      before = now;
      from.speed *= SLOWING;
      if (Math.abs(from.speed) > SLOWEST) gliding = requestAnimationFrame(glide);
    };
    gliding = requestAnimationFrame(glide);
  });
}
