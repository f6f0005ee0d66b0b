// <ql-chain channel="chain:NIFTY:2025-09-02:mkt_…">: an option chain the server drew, kept up to date by its channel.
//
// [data-f="<contract>.<field>"] are the figures of contracts, [data-iv="<strike in paise>"] the volatilities, [data-head="<name>"]
// the figures of the chain. A hidden tab does not follow. When the money leaves the middle, the chain asks to be drawn again.

import "./chain-keys.js";
import { follow } from "./channels.js";
import { CELLS, HEAD, heat, shade, volatility } from "./chain-cells.js";
import { openDialog } from "./dialogs.js";
import { paiseOf } from "./format.js";

const CURVES_MS = 15_000;
const narrow = window.matchMedia("(max-width: 760px)"); // a phone begins without the additional columns

class QlChain extends HTMLElement {
  connectedCallback() {
    this.table = this.querySelector("table.chain");
    if (!this.table) return;
    this.nodes = new Map([...this.querySelectorAll("[data-f]")].map((node) => [node.dataset.f, node]));
    this.rows = new Map(); // the newest of every contract, and which of them are not drawn yet
    this.due = new Set();
    this.drawn = Date.now();
    this.#restoreColumns();
    this.#centre();
    this.seen = () => this.#follow(!document.hidden);
    document.addEventListener("visibilitychange", this.seen);
    this.addEventListener("click", (event) => this.#open(event));
    this.addEventListener("change", ({ target }) => this.#keepColumns(target));
    this.#follow(!document.hidden);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.seen);
    this.#follow(false);
    cancelAnimationFrame(this.frame);
  }

  #follow(wanted) {
    this.stop?.();
    this.stop = wanted && this.seen ? follow(this.getAttribute("channel"), (message) => this.#take(message.data)) : null;
  }

  #take({ head, f, r }) {
    this.names = f;
    for (const row of r) this.rows.set(row[0], row);
    const scaled = ["max_oi_chg", "iv_low", "iv_high"].some((name) => head[name] !== this.head?.[name]);
    for (const id of scaled ? this.rows.keys() : r.map(([id]) => id)) this.due.add(id);
    this.head = head;
    this.frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.frame = 0;
    for (const id of this.due) this.#contract(Object.fromEntries(this.names.map((name, n) => [name, this.rows.get(id)[n]])));
    this.due.clear();
    this.#figures(this.head);
    if (Date.now() - this.drawn > CURVES_MS) {
      this.drawn = Date.now();
      document.body.dispatchEvent(new CustomEvent("ql:chain-curves"));
    }
  }

  #contract(leg) {
    const node = (name) => this.nodes.get(`${leg.id}.${name}`);
    const last = node("ltp");
    if (!last) return; // of a strike that is not shown
    for (const [name, show] of Object.entries(CELLS)) this.#text(node(name), show(leg[name]), name === "ltp");
    last.closest("td").classList.toggle("old", leg.stale);
    node("oi").closest("td").querySelector("rect").setAttribute("width", leg.oi_pct);
    node("oi_chg").closest("td").dataset.heat = heat(leg.oi_chg, this.head.max_oi_chg);
    this.#volatility(last.closest("tr"), leg.iv);
  }

  #volatility(row, value) {
    row.querySelectorAll("[data-iv]").forEach((node) => this.#text(node, volatility(value)));
    row.querySelector("td.iv").dataset.shade = shade(value, this.head);
  }

  /** Write only what changed; a changed price flashes. */
  #text(node, text, flashes = false) {
    if (!node || node.textContent === text) return;
    const before = parseFloat(node.textContent.replaceAll(",", ""));
    node.textContent = text;
    if (!flashes || Number.isNaN(before)) return;
    node.classList.remove("flash-up", "flash-down");
    const way = parseFloat(text.replaceAll(",", "")) > before ? "flash-up" : "flash-down";
    requestAnimationFrame(() => node.classList.add(way));
  }

  #figures(head) {
    for (const node of this.querySelectorAll("[data-head]")) {
      const name = node.dataset.head;
      if (name in HEAD && name in head) this.#text(node, HEAD[name](head[name]));
    }
    const atm = paiseOf(head.atm_strike ?? "");
    const forward = paiseOf(head.forward ?? "");
    const rows = [...this.table.tBodies[0].rows];
    for (const row of rows) {
      const at = Number(row.dataset.strike);
      if (at === atm) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      if (forward !== null) row.dataset.itm = at < forward ? "call" : at > forward ? "put" : "";
    }
    this.#stayInSight(rows, atm);
  }

  /** The money is near an edge of a window that could show more: draw the chain again around it. */
  #stayInSight(rows, atm) {
    const at = rows.findIndex((row) => Number(row.dataset.strike) === atm);
    const all = this.querySelector(".chain-tools .tabs [aria-current]")?.search.includes("strikes=all");
    const looking = new URLSearchParams(location.search).has("strike");
    if (!all && !looking && atm && Math.abs(at - (rows.length - 1) / 2) > rows.length / 4) this.dispatchEvent(new CustomEvent("ql:chain-moved"));
  }

  /** The money in the middle of a table that is taller than its box. */
  #centre() {
    const box = this.table.parentElement;
    const row = this.table.querySelector("tr.sought") ?? this.table.querySelector("tr[aria-current]");
    if (row && box.scrollHeight > box.clientHeight) box.scrollTop = row.offsetTop - box.clientHeight / 2;
    box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
  }

  async #open(event) {
    const link = event.target.closest("[data-contract]");
    if (!link || event.ctrlKey || event.metaKey || !window.htmx) return;
    event.preventDefault();
    await window.htmx.ajax("GET", link.href, { target: "#contract [data-part]", swap: "outerHTML" });
    openDialog("contract");
  }

  #restoreColumns() {
    for (const box of this.querySelectorAll("[data-columns]")) {
      const kept = localStorage.getItem(`chain.${box.dataset.columns}`);
      if (kept || narrow.matches) box.checked = kept === "1";
    }
  }

  #keepColumns(box) {
    if (!box.dataset.columns) return;
    this.#centre();
    localStorage.setItem(`chain.${box.dataset.columns}`, box.checked ? "1" : "0");
  }
}

customElements.define("ql-chain", QlChain);
