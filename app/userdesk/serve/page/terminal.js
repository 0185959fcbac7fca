// Makes the terminal: xterm.js as textual's bundle sets it up, connected by nothing yet.

const CELL = 9.6; // CSS pixels that a cell is wide, as nearly as whole pixels of the screen allow
const LEAST_COLUMNS = 40;
const STEP = 0.25; // CSS pixels
const NOTHING = { activate() {}, dispose() {} };

const drawing = document.createElement("canvas").getContext("2d");

function characterWidth(size) {
  drawing.font = `${size}px "Roboto Mono"`;
  return drawing.measureText("W").width;
}

// The size in CSS pixels at which characters are whole pixels of the screen wide, or little more: xterm.js rounds
// its cells down, and characters that are wider than their cells stand squeezed.
function fontSize() {
  const ratio = window.devicePixelRatio || 1;
  const widest = Math.floor((window.innerWidth * ratio) / LEAST_COLUMNS);
  const cell = Math.max(1, Math.min(Math.round(CELL * ratio), widest));
  let size = (100 * (cell + 0.01)) / ratio / characterWidth(100);
  // Where characters have no fractions of pixels, sizes have none, either.
  while (characterWidth(size) * ratio < cell) size += STEP;
  return size;
}

// What the bundle made: `terminal` is xterm.js's, `fit()` gives it the size of its place. The bundle keeps it to
// itself, and is watched setting its first property to get at it.
export function makeTerminal(build, place) {
  place.dataset.fontSize = fontSize();
  let made;
  Object.defineProperty(Object.prototype, "websocket_url", {
    configurable: true,
    set() {
      made = this;
      this.connect = () => {}; // our line does
      // It draws nothing, as the bundle's canvas takes over at once, and it fails where there is no WebGL.
      Object.defineProperty(this, "webglAddon", { get: () => NOTHING, set() {} });
    },
  });
  try {
    build(new Event("load"));
  } finally {
    delete Object.prototype.websocket_url;
  }
  made.weblinksAddon.dispose(); // what is a link, and what opens it, is the program's business
  made.terminal.options.linkHandler = { activate() {} };
  made.terminal.parser.registerOscHandler(52, () => true); // copies come beside the terminal
  return made;
}

// Keep its size that of the window, also where an on-screen keyboard covers a part of that.
export function keepFitting(made, place) {
  let asked = 0;
  const fit = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      const size = fontSize();
      if (Math.abs(made.terminal.options.fontSize - size) > 0.01) {
        made.terminal.options.fontSize = size; // turned, or zoomed
      }
      made.fit();
    });
  };
  window.onresize = fit; // instead of the bundle's
  new ResizeObserver(fit).observe(place);
  const view = window.visualViewport;
  const follow = () => {
    if (view.scale > 1.01) return; // a part of it is looked at, enlarged
    document.body.style.height = `${view.height}px`;
    document.body.style.transform = `translateY(${view.offsetTop}px)`;
  };
  if (view) {
    view.addEventListener("resize", follow);
    view.addEventListener("scroll", follow);
    follow();
  }
}

// Around the cells it looks as in the terminal's corner, whatever theme the visitor chooses.
export function followGround(terminal) {
  const root = document.documentElement;
  let worn = "";
  const wear = (ground) => {
    worn = ground;
    root.style.setProperty("--ground", ground);
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(ground.slice(at, at + 2), 16));
    root.dataset.theme = 0.3 * red + 0.59 * green + 0.11 * blue > 128 ? "light" : "dark";
    const foreground = getComputedStyle(root).getPropertyValue("--text").trim();
    terminal.options.theme = { background: ground, foreground, cursor: foreground, cursorAccent: ground };
  };
  wear(getComputedStyle(root).getPropertyValue("--ground").trim());
  terminal.onRender(() => {
    const cell = terminal.buffer.active.getLine(0)?.getCell(0);
    if (!cell?.isBgRGB()) return;
    const ground = `#${cell.getBgColor().toString(16).padStart(6, "0")}`;
    if (ground !== worn) wear(ground);
  });
}

// A canvas says nothing to screen readers. Its text beside it is kept for whoever asks: it costs time at each frame.
export function readAloudWhenAsked(button, terminal) {
  button.onclick = () => {
    terminal.options.screenReaderMode = true;
    button.remove();
    terminal.focus();
  };
}
