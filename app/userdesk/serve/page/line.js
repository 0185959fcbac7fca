// The line to the host: a websocket that is opened again when it was lost.

const PAUSES = [0.25, 0.5, 1, 2, 4]; // s before each further attempt; the last one again and again
const GIVE_UP = 65; // s; the host keeps a visit for 60
const QUIET = 20; // s without a word after which the line is tried
const ANSWER_WITHIN = 4; // s
const PIECE = 8_000; // characters of input in one message: below the host's 64 kB, however they are written
const ENDED = 4000; // close codes of the host: the visit is over, the reason says why
const TAKEN_OVER = 4001;

export class Line {
  // `on` has opened(), output(bytes), frame(kind, value), lost() and ended(reason).
  constructor(path, on) {
    this.address = new URL(path, location.href.replace(/^http/, "ws"));
    this.on = on;
    this.socket = null;
    this.size = null;
    this.lostAt = null; // ms; null while the line holds
    this.attempts = 0;
    this.over = false;
    this.heardAt = 0;
    this.timer = 0;
    setInterval(() => this.askIfQuiet(), 1000 * ANSWER_WITHIN);
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("offline", () => this.ask());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  open() {
    clearTimeout(this.timer);
    this.address.searchParams.set("width", this.size.width);
    this.address.searchParams.set("height", this.size.height);
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.heard(event.data);
    socket.onclose = (event) => socket === this.socket && this.closed(event);
    this.socket = socket;
  }

  resize(size) {
    this.size = size;
    this.send("resize", size);
  }

  // Input, in pieces; none is cut between the halves of a character.
  type(text) {
    for (let begin = 0; begin < text.length; ) {
      let end = begin + PIECE;
      if (/[\ud800-\udbff]/.test(text[end - 1] ?? "")) end -= 1;
      this.send("stdin", text.slice(begin, end));
      begin = end;
    }
  }

  send(...frame) {
    if (this.isOpen) this.socket.send(JSON.stringify(frame)); // else nobody sees what was typed
  }

  // End it from this side.
  leave(reason) {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.on.ended(reason);
  }

  opened() {
    this.lostAt = null;
    this.attempts = 0;
    this.heardAt = Date.now();
    this.send("resize", this.size);
    this.on.opened();
  }

  heard(data) {
    this.heardAt = Date.now();
    if (typeof data !== "string") {
      this.on.output(new Uint8Array(data));
      return;
    }
    const [kind, value] = JSON.parse(data);
    if (kind === "bye") this.leave(value);
    else this.on.frame(kind, value);
  }

  closed(event) {
    if (this.over) return;
    if (event.code === ENDED) return this.leave(event.reason);
    if (event.code === TAKEN_OVER) return this.leave("elsewhere");
    if (this.lostAt === null) {
      this.lostAt = Date.now();
      this.on.lost();
    }
    if (Date.now() - this.lostAt > 1000 * GIVE_UP) return this.leave("unreachable");
    const pause = PAUSES[Math.min(this.attempts, PAUSES.length - 1)];
    this.attempts += 1;
    this.timer = setTimeout(() => this.open(), 1000 * pause);
  }

  // The network or the window came back: what is known of the line is old.
  hurry() {
    if (this.over || !this.socket) return;
    if (this.isOpen) this.ask();
    else if (this.socket.readyState === WebSocket.CLOSED) this.open();
  }

  askIfQuiet() {
    if (this.isOpen && Date.now() - this.heardAt > 1000 * QUIET) this.ask();
  }

  // A line that does not answer is lost, though nobody has said so.
  ask() {
    const socket = this.socket;
    if (!this.isOpen) return;
    const asked = Date.now();
    this.send("ping", String(asked));
    setTimeout(() => {
      if (socket !== this.socket || this.heardAt >= asked || this.over) return;
      this.socket = null; // its own end may come only after minutes
      socket.close();
      this.closed({});
    }, 1000 * ANSWER_WITHIN);
  }
}
