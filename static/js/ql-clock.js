// <ql-clock now="2026-11-20T08:11:52Z">: the wall clock in IST, by the server's time, not this computer's.

import { ist_time } from "./format.js";

class QlClock extends HTMLElement {
  connectedCallback() {
    this.ahead = Date.parse(this.getAttribute("now")) - Date.now();
    this.#tick();
    this.timer = setInterval(() => this.#tick(), 1_000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  #tick() {
    this.textContent = ist_time(Date.now() + this.ahead);
  }
}

customElements.define("ql-clock", QlClock);
