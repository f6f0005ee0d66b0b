// <ql-chart source="id of a JSON script" data-key="acct.net" clock="mkt.now">: P&L of the day, above and below zero.
//
// The JSON holds [seconds, rupees] pairs in time order. Points that arrive live are stamped with the market's clock.

import { BaselineSeries, createChart } from "../vendor/lightweight-charts-5.2.1.min.js";
import { valueOf, watch } from "./live.js";
import { ist_minute, paiseOf, pnl } from "./format.js";

const IST_S = 19_800; // the chart draws UTC: shifted, its ticks fall on Indian hours
const themes = window.matchMedia("(prefers-color-scheme: light)");

class QlChart extends HTMLElement {
  connectedCallback() {
    this.chart = createChart(this, this.#options());
    this.series = this.chart.addSeries(BaselineSeries, this.#colours());
    const points = JSON.parse(document.getElementById(this.getAttribute("source"))?.textContent ?? "[]");
    this.series.setData(points.map(([at, rupees]) => ({ time: at + IST_S, value: rupees })));
    this.last = points.at(-1)?.[0] ?? 0;
    this.chart.timeScale().fitContent();
    if (this.dataset.key) this.stop = watch(this.dataset.key, (value) => this.#add(value));
    this.repaint = () => {
      this.chart.applyOptions(this.#options());
      this.series.applyOptions(this.#colours());
    };
    themes.addEventListener("change", this.repaint);
  }

  disconnectedCallback() {
    this.stop?.();
    themes.removeEventListener("change", this.repaint);
    this.chart?.remove();
    this.chart = null;
  }

  #add(value) {
    const at = Math.floor(Date.parse(valueOf(this.getAttribute("clock"))) / 1_000);
    if (!Number.isFinite(at) || at < this.last) return;
    this.last = at;
    this.series.update({ time: at + IST_S, value: paiseOf(value) / 100 });
    this.chart.timeScale().fitContent();
  }

  /** The resolved colour of a token, with an alpha. */
  #token(name, alpha = 1) {
    const [r, g, b] = getComputedStyle(this).getPropertyValue(name).match(/[\d.]+/g);
    return `rgba(${r}, ${g}, ${b}, ${alpha})`;
  }

  #options() {
    const line = this.#token("--line");
    return {
      autoSize: true,
      layout: {
        attributionLogo: false, // its logo needs an inline style; the notice is on the about page and in the footer
        background: { color: "transparent" },
        textColor: this.#token("--text-3"),
        fontFamily: "Inter",
        fontSize: 11,
      },
      grid: { vertLines: { visible: false }, horzLines: { color: line } },
      rightPriceScale: { borderVisible: false, entireTextOnly: true, scaleMargins: { top: 0.12, bottom: 0.08 } },
      timeScale: { borderColor: line, timeVisible: true, secondsVisible: false, fixLeftEdge: true, fixRightEdge: true },
      crosshair: { horzLine: { labelVisible: true }, vertLine: { labelVisible: true } },
      localization: {
        priceFormatter: (rupees) => pnl(Math.round(rupees * 100)),
        timeFormatter: (time) => ist_minute((time - IST_S) * 1_000),
      },
      handleScroll: false,
      handleScale: false,
    };
  }

  #colours() {
    return {
      baseValue: { type: "price", price: 0 },
      lineWidth: 2,
      topLineColor: this.#token("--profit"),
      topFillColor1: this.#token("--profit", 0.28),
      topFillColor2: this.#token("--profit", 0.03),
      bottomLineColor: this.#token("--loss"),
      bottomFillColor1: this.#token("--loss", 0.03),
      bottomFillColor2: this.#token("--loss", 0.28),
      priceLineVisible: false,
      autoscaleInfoProvider: (original) => this.#span(original()),
    };
  }

  /** Zero is always in sight, and a quiet day is not drawn as a storm: at least ₹100 each way. */
  #span(info) {
    const range = info?.priceRange ?? { minValue: 0, maxValue: 0 };
    return { ...info, priceRange: { minValue: Math.min(range.minValue, -100), maxValue: Math.max(range.maxValue, 100) } };
  }
}

customElements.define("ql-chart", QlChart);
