// <ql-hold><button>…</button><button hidden>…</button></ql-hold>: the first button acts after being held for 1.2 s.
//
// With the keyboard (or a screen reader) pressing it shows and focuses the second button, which confirms.
// Without JavaScript the first button is an ordinary submit button.

const HOLD_MS = 1_200;

class QlHold extends HTMLElement {
  connectedCallback() {
    [this.button, this.confirm] = this.querySelectorAll("button");
    this.stop = new AbortController();
    const on = (name, act) => this.button.addEventListener(name, act, { signal: this.stop.signal });
    on("pointerdown", (event) => event.button === 0 && this.#start());
    for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) on(name, () => this.#release());
    on("contextmenu", (event) => event.preventDefault());
    on("click", (event) => this.#click(event));
  }

  disconnectedCallback() {
    this.#release();
    this.stop.abort();
  }

  #start() {
    this.button.classList.add("holding");
    this.timer = setTimeout(() => {
      this.#release();
      this.button.form.requestSubmit(this.button);
    }, HOLD_MS);
  }

  #release() {
    clearTimeout(this.timer);
    this.button.classList.remove("holding");
  }

  #click(event) {
    event.preventDefault();
    if (event.detail !== 0) return; // a pointer: only holding counts
    this.confirm.hidden = false;
    this.confirm.focus();
  }
}

customElements.define("ql-hold", QlHold);
