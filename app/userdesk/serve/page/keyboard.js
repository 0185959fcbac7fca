// Keys that xterm.js reads otherwise than the program does, or that are the browser's.

// kitty's form of keys for which terminals have no sequence of their own.
const BEYOND = {
  "Shift+Enter": "\x1b[13;2u",
  "Control+Enter": "\x1b[13;5u",
  "Control+Backspace": "\x1b[127;5u",
};
const OF_THE_BROWSER = new Set(["F5", "F11"]); // reload, full screen

const named = (event) =>
  ["Control", "Alt", "Shift", "Meta"].filter((each) => event.getModifierState(each)).concat(event.key).join("+");

export function listenToKeys(terminal, type, copy) {
  terminal.attachCustomKeyEventHandler((event) => {
    const key = named(event);
    if (OF_THE_BROWSER.has(key)) return false;
    if (key.toLowerCase() === "control+v") return false; // the browser pastes, and xterm.js hears of that
    if (event.isComposing) return true;
    if (key === "Control+c" && terminal.hasSelection()) {
      // Selected with Shift, past the program.
      if (event.type === "keydown") {
        copy(terminal.getSelection());
        terminal.clearSelection();
      }
      event.preventDefault();
      return false;
    }
    if (key in BEYOND) {
      if (event.type === "keydown") type(BEYOND[key]);
      event.preventDefault();
      return false;
    }
    return true;
  });
}
