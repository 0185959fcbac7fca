// How many cells characters take, by the rules of the program where its terminal joins clusters: an emoji sequence
// takes two, and newer emoji than xterm.js knows do, too.

const VERSION = "clusters";
const MODE = 2027;
const JOINER = 0x200d;
const EMOJI_FORM = 0xfe0f;
const KEYCAP = 0x20e3;

// What a cluster ends with so far; xterm.js keeps it from one character to the next.
const [PLAIN, EMOJI, DRESSED, JOINED, KEY, KEY_AS_EMOJI, HALF_FLAG] = [0, 1, 2, 3, 4, 5, 6];

// A cluster as xterm.js packs it: what it ends with, its cells, whether this character belongs to the one before.
const packed = (end, width, joins = false) => (end << 3) | (width << 1) | Number(joins);
const endOf = (cluster) => cluster >> 3;
const widthOf = (cluster) => (cluster >> 1) & 3;

class Clusters {
  constructor(base) {
    this.version = VERSION;
    this.base = base; // xterm.js's table of single characters
    this.alone = new Map(); // what a character is that joins none
  }

  wcwidth(code) {
    return code < 0x7f ? this.base.wcwidth(code) : widthOf(this.single(code));
  }

  charProperties(code, before) {
    if (code > 0x1f && code < 0x7f) {
      return packed((code > 0x2f && code < 0x3a) || code === 0x23 || code === 0x2a ? KEY : PLAIN, 1);
    }
    const single = this.single(code);
    const end = before && endOf(before);
    if (code === EMOJI_FORM && end === EMOJI) return packed(DRESSED, 2, true);
    if (code === EMOJI_FORM && end === KEY) return packed(KEY_AS_EMOJI, 1, true);
    if (code === KEYCAP && end === KEY_AS_EMOJI) return packed(PLAIN, 2, true);
    if (code === JOINER && (end === EMOJI || end === DRESSED)) return packed(JOINED, widthOf(before), true);
    if (code >= 0x1f3fb && code <= 0x1f3ff && end === EMOJI) return packed(DRESSED, 2, true);
    if (endOf(single) === EMOJI && end === JOINED) return packed(EMOJI, 2, true);
    if (endOf(single) === HALF_FLAG && end === HALF_FLAG) return packed(PLAIN, 2, true);
    if (widthOf(single) === 0 && widthOf(before)) return packed(end, widthOf(before), true);
    return single;
  }

  single(code) {
    let found = this.alone.get(code);
    if (found === undefined) this.alone.set(code, (found = this.look(code)));
    return found;
  }

  look(code) {
    const text = String.fromCodePoint(code);
    if (/\p{Regional_Indicator}/u.test(text)) return packed(HALF_FLAG, 1);
    if (/\p{Emoji_Presentation}/u.test(text)) return packed(EMOJI, 2);
    return packed(/\p{Extended_Pictographic}/u.test(text) ? EMOJI : PLAIN, this.base.wcwidth(code));
  }
}

// From now on the terminal joins clusters, and says so to whoever asks.
export function joinClusters(terminal, tables, type) {
  tables.activate({ unicode: { register: (base) => terminal.unicode.register(new Clusters(base)) } });
  terminal.unicode.activeVersion = VERSION;
  terminal.parser.registerCsiHandler({ prefix: "?", intermediates: "$", final: "p" }, ([mode]) => {
    if (mode !== MODE) return false;
    type(`\x1b[?${MODE};3$y`); // set for good
    return true;
  });
}
