// <ql-value data-key="acct.net" data-format="pnl" data-tone>…</ql-value>: a figure the server wrote, patched when its live value changes.
//
// data-format: a name from format.js, or none for plain words. `data-tone` colours by sign; a changed figure flashes for 700 ms.

import { watch, valueOf } from "./live.js";
import { paiseOf, show } from "./format.js";

class QlValue extends HTMLElement {
  connectedCallback() {
    const key = this.dataset.key;
    this.stop = watch(key, (value, previous) => this.#patch(value, previous));
    if (valueOf(key) !== undefined) this.#patch(valueOf(key));
  }

  disconnectedCallback() {
    this.stop?.();
  }

  #patch(value, previous) {
    const text = show(this.dataset.format, value);
    if (text === this.textContent) return;
    this.textContent = text;
    const amount = paiseOf(String(value));
    if (amount === null) return;
    if ("tone" in this.dataset) {
      this.classList.toggle("profit", amount > 0);
      this.classList.toggle("loss", amount < 0);
    }
    const before = previous === undefined ? null : paiseOf(String(previous));
    if (before !== null && before !== amount) this.#flash(amount > before ? "flash-up" : "flash-down");
  }

  #flash(name) {
    this.classList.remove("flash-up", "flash-down");
    requestAnimationFrame(() => this.classList.add(name));
    clearTimeout(this.flashing);
    this.flashing = setTimeout(() => this.classList.remove(name), 700);
  }
}

customElements.define("ql-value", QlValue);
