// What the program gives to the browser: addresses to open, texts to copy, files. What the browser does only at a
// press is offered in a line of its own.

const OPENED = new Set(["http:", "https:", "mailto:"]);

export class Deliveries {
  constructor(place, terminal) {
    this.place = place;
    this.terminal = terminal;
    [this.words, this.link, this.button] = place.children;
  }

  openUrl(address) {
    if (!URL.canParse(address) || !OPENED.has(new URL(address).protocol)) return;
    // "noopener" here would hide whether it was opened; the page's headers part the two pages anyway.
    const tab = window.open(address, "_blank");
    if (tab) tab.opener = null;
    else this.offerLink(address);
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A page of plain HTTP has no clipboard, and some browsers let it be written only at a press.
      if (!this.copySelected(text)) this.offerCopy(text);
    }
  }

  file(key) {
    const link = document.createElement("a");
    link.href = `/file/${encodeURIComponent(key)}`;
    link.download = "";
    link.click();
  }

  copySelected(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "copied";
    document.body.append(field);
    field.select();
    try {
      return document.execCommand("copy");
    } finally {
      field.remove();
      this.terminal.focus();
    }
  }

  offerLink(address) {
    this.offer("The browser has not opened it: ");
    this.link.href = this.link.textContent = address;
    this.link.hidden = false;
    this.link.onclick = () => this.withdraw();
  }

  offerCopy(text) {
    this.offer("The browser copies only at a press: ");
    this.button.textContent = "Copy";
    this.button.hidden = false;
    this.button.onclick = async () => {
      this.withdraw();
      if (!this.copySelected(text)) await navigator.clipboard?.writeText(text);
    };
  }

  offer(words) {
    this.words.textContent = words;
    this.link.hidden = this.button.hidden = true;
    this.place.hidden = false;
  }

  withdraw() {
    this.place.hidden = true;
    this.terminal.focus();
  }
}
