// <ql-spark points="0,1200,-300" data-key="dep:….net">: a small line of P&L over the day; follows its live value.

import { watch } from "./live.js";

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 92;
const HEIGHT = 34;
const MOST = 120;

class QlSpark extends HTMLElement {
  connectedCallback() {
    this.points = (this.getAttribute("points") ?? "").split(",").filter(Boolean).map(Number);
    this.svg = document.createElementNS(NS, "svg");
    this.svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.svg.setAttribute("aria-hidden", "true");
    this.zero = this.#part("line", "zero");
    this.line = this.#part("polyline", "line");
    this.replaceChildren(this.svg);
    this.#draw();
    const key = this.dataset.key;
    if (key) this.stop = watch(key, (value) => this.#add(Number(value)));
  }

  disconnectedCallback() {
    this.stop?.();
  }

  #part(name, kind) {
    const part = document.createElementNS(NS, name);
    part.setAttribute("class", kind);
    this.svg.append(part);
    return part;
  }

  #add(value) {
    if (!Number.isFinite(value)) return;
    this.points.push(value);
    if (this.points.length > MOST) this.points = this.points.filter((_, index) => index % 2 === 0);
    this.#draw();
  }

  #draw() {
    const points = this.points.length > 1 ? this.points : [0, 0];
    const low = Math.min(0, ...points);
    const high = Math.max(0, ...points);
    const y = (value) => (high === low ? HEIGHT - 4 : 2 + ((high - value) / (high - low)) * (HEIGHT - 4)).toFixed(1);
    const step = WIDTH / (points.length - 1);
    this.line.setAttribute("points", points.map((value, i) => `${(i * step).toFixed(1)},${y(value)}`).join(" "));
    const last = points.at(-1);
    this.line.setAttribute("class", `line ${last > 0 ? "profit" : last < 0 ? "loss" : ""}`);
    for (const [name, value] of Object.entries({ x1: 0, x2: WIDTH, y1: y(0), y2: y(0) })) this.zero.setAttribute(name, value);
  }
}

customElements.define("ql-spark", QlSpark);
