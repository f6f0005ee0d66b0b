// <ql-bar data-key="limit:day_loss.pct"><progress …></progress></ql-bar>: a bar the server drew, moved by its live value (percent).

import { watch, valueOf } from "./live.js";

const LEVELS = [[100, "full"], [80, "near"]];

class QlBar extends HTMLElement {
  connectedCallback() {
    const key = this.dataset.key;
    this.stop = watch(key, (value) => this.#patch(value));
    if (valueOf(key) !== undefined) this.#patch(valueOf(key));
  }

  disconnectedCallback() {
    this.stop?.();
  }

  #patch(value) {
    const bar = this.querySelector("progress");
    const percent = Number(value);
    if (!bar || !Number.isFinite(percent)) return;
    bar.value = percent;
    bar.textContent = `${percent} %`;
    bar.className = LEVELS.find(([from]) => percent >= from)?.[1] ?? "";
  }
}

customElements.define("ql-bar", QlBar);
