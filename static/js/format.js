// How numbers and times are written for people: the twin of qlplatform/web/formats.py.
// Money is integer paise; `paiseOf` reads the decimal rupee strings of the API without floating point.

const MINUS = "\u2212";
const RUPEE = "₹";
const LAKH = 1_00_000_00;
const CRORE = 1_00_00_000_00;
const whole = new Intl.NumberFormat("en-IN", { maximumFractionDigits: 0 });

const clockParts = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Kolkata", hourCycle: "h23", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const dayParts = new Intl.DateTimeFormat("en-US", { timeZone: "Asia/Kolkata", day: "numeric", month: "short" });

const sign = (value, plus = false) => (value < 0 ? MINUS : plus && value > 0 ? "+" : "");
const roundAway = (value) => Math.sign(value) * Math.round(Math.abs(value)) || 0;
const group = (value) => whole.format(Math.abs(value));

/** Integer paise of a decimal rupee string: "-941.20" -> -94120. */
export function paiseOf(text) {
  const match = /^(-?)(\d+)(?:\.(\d{1,2})\d*)?$/.exec(text);
  if (!match) return null;
  const paise = Number(match[2]) * 100 + Number((match[3] ?? "0").padEnd(2, "0"));
  return match[1] ? -paise || 0 : paise;
}

export function price(paise) {
  const size = Math.abs(paise);
  return `${sign(paise)}${group(Math.trunc(size / 100))}.${String(size % 100).padStart(2, "0")}`;
}

export const money = (paise) => `${sign(paise)}${RUPEE}${price(Math.abs(paise))}`;

export function rupees(paise) {
  const value = roundAway(paise / 100);
  return `${sign(value)}${RUPEE}${group(value)}`;
}

export function pnl(paise) {
  const value = roundAway(paise / 100);
  return `${sign(value, true)}${RUPEE}${group(value)}`;
}

export const pnl_exact = (paise) => `${sign(paise, true)}${RUPEE}${price(Math.abs(paise))}`;

export function compact(paise) {
  if (Math.abs(roundAway(paise / 100)) * 100 < LAKH) return rupees(paise);
  const lakhs = Math.round(Math.abs(paise) / (LAKH / 100));
  const [hundredths, unit] = lakhs < 100_00 ? [lakhs, "L"] : [Math.round(Math.abs(paise) / (CRORE / 100)), "Cr"];
  return `${sign(paise)}${RUPEE}${price(hundredths)} ${unit}`;
}

export const quantity = (qty) => `${sign(qty, true)}${group(qty)}`;

export const percent = (basisPoints) => `${sign(basisPoints, true)}${price(Math.abs(basisPoints))} %`;

/** A float with so many decimals, halves away from zero; nothing but zeros has no sign. */
function decimals(value, places, plus = false) {
  const text = Math.abs(value).toFixed(places);
  const [head, rest] = text.split(".");
  const shown = Number(text) === 0 ? 0 : value;
  return `${sign(shown, plus)}${group(Number(head))}${rest ? `.${rest}` : ""}`;
}

export const iv = (volatility) => decimals(volatility * 100, 1);
export const vol_points = (difference) => decimals(difference * 100, 1, true);
export const delta = (value) => decimals(value, 2);
export const gamma = (value) => decimals(value, 4);
export const greek = (value) => decimals(value, 2);
export const lakhs = (qty) => decimals(qty / 100_000, 1);
export const lakhs_change = (qty) => decimals(qty / 100_000, 1, true);

export const ist_time = (iso) => clockParts.format(new Date(iso));

export const ist_minute = (iso) => ist_time(iso).slice(0, 5);

export function ist_stamp(iso) {
  const parts = Object.fromEntries(dayParts.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${parts.day} ${parts.month} ${ist_time(iso)}`;
}

/** Text of a live value: decimal strings of rupees or percent, whole quantities, RFC 3339 times; other words as they are. */
export function show(format, value) {
  if (value === null || value === undefined || value === "") return "–";
  const time = { ist_time, ist_minute, ist_stamp }[format];
  if (time) return time(value);
  if (format === "quantity") return quantity(Number(value));
  const amount = { price, money, rupees, pnl, pnl_exact, compact, percent }[format];
  const paise = amount && paiseOf(String(value));
  return amount && paise !== null ? amount(paise) : String(value);
}
