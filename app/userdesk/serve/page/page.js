// The visitor's page: a terminal in the program's type and colours, a line to the host, and words where there is none.

import { joinClusters } from "./clusters.js";
import { Deliveries } from "./deliveries.js";
import { listenToKeys } from "./keyboard.js";
import { Line } from "./line.js";
import { followGround, keepFitting, makeTerminal, readAloudWhenAsked } from "./terminal.js";
import { addTouchKeys, turnWheelBySwipes } from "./touch.js";

const FONTS_WITHIN = 3000; // ms; without them it goes on in the system's
const FACES = ["", "italic "].map((slant) => `${slant}16px "Roboto Mono"`); // one file has every weight
const NOTICES = {
  lost: ["The line is lost.", "Trying again. Your conversation is kept for a minute."],
  left: ["You have left.", "Your conversations here are gone.", "Begin again"],
  failed: ["The program has ended by a mistake of its own.", "Your conversations here are gone.", "Begin again"],
  idle: ["Nothing was typed here for a while.", "The visit has ended, and its conversations are gone.", "Begin again"],
  full: ["Your conversations have become too large.", "They are gone from here.", "Begin again"],
  host: ["The host has left.", "Ask whoever invited you when they are back."],
  elsewhere: ["This is open in another tab.", "It goes on there.", "Go on here"],
  unreachable: ["The host cannot be reached.", "Your conversation was kept for a minute.", "Try again"],
  over: ["Your conversation is over.", "Ask whoever invited you for a new link.", "Try again"],
};

const build = window.onload; // the bundle's, which would begin before the fonts are there
window.onload = null;
history.replaceState(null, "", "/"); // the token has done its work

const place = document.querySelector(".textual-terminal");
const notice = document.querySelector(".notice.over");

function tell(name) {
  const [heading, advice, again] = NOTICES[name] ?? NOTICES.over;
  const [title, text, button] = notice.children;
  title.textContent = heading;
  text.textContent = advice;
  button.hidden = !again;
  button.textContent = again ?? "";
  button.onclick = () => location.reload();
  notice.hidden = false;
  document.body.classList.add(name === "lost" ? "lost" : "over");
  if (again) button.focus();
}

function begin() {
  const made = makeTerminal(build, place);
  const { terminal } = made;
  const deliveries = new Deliveries(document.querySelector(".offer"), terminal);
  const frames = {
    open_url: ({ url }) => deliveries.openUrl(url),
    copy: (text) => deliveries.copy(text),
    deliver_file_start: (key) => deliveries.file(key),
  };
  const line = new Line(place.dataset.sessionWebsocketUrl, {
    opened() {
      notice.hidden = true;
      document.body.classList.remove("lost");
    },
    output(bytes) {
      terminal.write(bytes, () => document.body.classList.add("shown"));
    },
    frame(kind, value) {
      frames[kind]?.(value);
    },
    lost: () => tell("lost"),
    ended: tell,
  });
  made.socket = { send: (frame) => frame.startsWith('["stdin"') && line.type(JSON.parse(frame)[1]) };
  terminal.onResize(({ cols, rows }) => line.resize({ width: cols, height: rows }));
  followGround(terminal);
  const type = (text) => line.type(text);
  joinClusters(terminal, made.unicode11Addon, type);
  listenToKeys(terminal, type, (text) => deliveries.copy(text));
  readAloudWhenAsked(document.querySelector(".for-readers"), terminal);
  addTouchKeys(document.querySelector(".touch-keys"), type);
  turnWheelBySwipes(place, terminal, type);
  keepFitting(made, place);
  line.size = { width: terminal.cols, height: terminal.rows };
  line.open();
  terminal.focus();
}

const fonts = Promise.all(FACES.map((face) => document.fonts.load(face, "A◆⠋")));
const enough = new Promise((done) => setTimeout(done, FONTS_WITHIN));
Promise.race([fonts.catch(() => {}), enough]).then(begin);
