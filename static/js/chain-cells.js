// How the figures of a chain are written and shaded: the twin of markets/chain_rows.py and of the filters of the page.

import { delta, gamma, greek, ist_stamp, iv, lakhs, lakhs_change, paiseOf, price, vol_points } from "./format.js";

const SHADES = 4;
const or = (show) => (value) => (value === null ? "–" : show(value));
const money = or((text) => price(paiseOf(text)));
const strike = or((text) => text.replace(/\.00$/, ""));

export const volatility = or(iv);

/** Fields of a contract. */
export const CELLS = {
  ltp: money, bid: money, ask: money, oi: lakhs, oi_chg: lakhs_change, volume: lakhs,
  delta: or(delta), gamma: or(gamma), theta: or(greek), vega: or(greek),
};

/** Figures of the whole chain. */
export const HEAD = {
  at: ist_stamp, spot: money, forward: money, straddle: money, expected_move: money, atm_strike: strike, max_pain: strike,
  atm_iv: or(iv), risk_reversal: or(vol_points), pcr_oi: or(delta), pcr_volume: or(delta),
  call_oi: lakhs, put_oi: lakhs, call_oi_chg: lakhs_change, put_oi_chg: lakhs_change,
};

/** The shade of a change: -4 to 4, 0 only for none. */
export const heat = (value, largest) => (largest ? Math.sign(value) * Math.ceil((SHADES * Math.abs(value)) / largest) : 0);

/** How high a volatility is within its chain: 0 to 4, 0 for none. */
export function shade(value, { iv_low: low, iv_high: high }) {
  return value === null || !(high > low) ? 0 : Math.ceil((SHADES * (value - low)) / (high - low));
}
