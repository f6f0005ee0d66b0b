// <ql-live url="ws://…/ws/v1/live/">: the one socket of the tab, and the sign that shows its state.
//
// attribute state: fresh | stale | closed. Without a message for 5 s the numbers are dimmed and the time of the last
// one is shown; reconnects back off 1-2-4-8-15 s with jitter and start with a full snapshot.

import { closed, deliver, opened } from "./channels.js";
import { announce, catchUp, receive } from "./live.js";
import { ist_time } from "./format.js";
import { sentenceOf } from "./messages.js";
import { tell } from "./toasts.js";

const BACK_OFF_S = [1, 2, 4, 8, 15];
const STALE_AFTER_MS = 5_500;
const SIGN_IN_AGAIN = 4001;
const DRAINING = 4010;

class QlLive extends HTMLElement {
  connectedCallback() {
    this.attempt = 0;
    this.heard = 0;
    this.began = false; // whether a first snapshot has come
    this.watchdog = setInterval(() => this.#check(), 1_000);
    this.#open();
  }

  disconnectedCallback() {
    clearInterval(this.watchdog);
    clearTimeout(this.retry);
    closed();
    this.socket?.close();
    this.socket = null;
  }

  #open() {
    const socket = new WebSocket(this.getAttribute("url"));
    this.socket = socket;
    socket.onopen = () => opened((op) => socket.send(JSON.stringify(op)));
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.socket === socket && this.#closed(code);
  }

  #hear(message) {
    this.heard = Date.now();
    this.attempt = 0;
    this.#show("fresh");
    if (deliver(message)) return;
    const [noun, verb] = (message.type ?? "").split(".");
    if (verb === "snapshot" && this.began) catchUp();
    this.began ||= verb === "snapshot";
    if (verb === "snapshot" || verb === "delta") receive(message.data.values ?? message.data);
    else if (verb) this.#fact(noun, message);
  }

  /** A fact (`order.filled`, `kill_switch.pressed`, …): say it if it has a sentence, and let parts of the page refresh. */
  #fact(noun, message) {
    announce(`ql:${noun}`);
    const [kind, text] = sentenceOf(message) ?? [];
    if (text) tell(text, kind);
  }

  #closed(code) {
    closed();
    this.#show("closed");
    if (code === SIGN_IN_AGAIN) return;
    const step = code === DRAINING ? 0 : Math.min(this.attempt++, BACK_OFF_S.length - 1);
    const wait = (code === DRAINING ? 0 : BACK_OFF_S[step] * 1_000) + Math.random() * 500;
    this.retry = setTimeout(() => this.#open(), wait);
  }

  #check() {
    if (this.getAttribute("state") === "fresh" && Date.now() - this.heard > STALE_AFTER_MS) this.#show("stale");
  }

  #show(state) {
    if (this.getAttribute("state") === state) return;
    this.setAttribute("state", state);
    document.body.classList.toggle("stale", state !== "fresh" && this.heard > 0);
    const since = this.querySelector("[data-since]");
    if (since) since.textContent = this.heard ? `prices as of ${ist_time(this.heard)}` : "";
  }
}

customElements.define("ql-live", QlLive);
