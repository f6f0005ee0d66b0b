// The newest live values of this tab. Elements watch keys; changes are applied once per animation frame.
//
// Keys and values are those of the live channel, e.g. "acct.net": "6550.00". Some keys change what the server would
// render (a state, the kill switch, another market): for those an event named below is sent to <body>, and parts of
// the page that carry hx-trigger="ql:… from:body" fetch themselves again.

const values = new Map();
const watchers = new Map();
const pending = new Map();
const announced = new Set();
const GATHER_MS = 500;
let frame = 0;

const RARE = [
  [/^dep:.*\.(state|legs)$/, "ql:deployments"],
  [/^acct\.positions$/, "ql:positions"],
  [/^kill\./, "ql:kill"],
  [/^mkt\.(state|note|speed)$/, "ql:market"],
  [/^mkt\.id$/, "ql:market-changed"],
];

/** Call `onValue(value, previous)` for every change of `key`; returns the function that stops it. */
export function watch(key, onValue) {
  if (!watchers.has(key)) watchers.set(key, new Set());
  watchers.get(key).add(onValue);
  return () => watchers.get(key)?.delete(onValue);
}

export const valueOf = (key) => values.get(key);

/** Take over new values; what changed is shown at the next frame. */
export function receive(changes) {
  for (const [key, value] of Object.entries(changes)) pending.set(key, value);
  frame ||= requestAnimationFrame(apply);
}

/** Tell the page that something of this kind happened: parts that listen fetch themselves again, at most every 500 ms. */
export function announce(name) {
  if (announced.has(name)) return;
  announced.add(name);
  setTimeout(() => {
    announced.delete(name);
    document.body.dispatchEvent(new CustomEvent(name));
  }, GATHER_MS);
}

/** Facts were missed while the socket was away: every part that listens fetches itself again. */
export function catchUp() {
  ["ql:deployments", "ql:order", "ql:market"].forEach(announce); // each listening part has one of these
}

function apply() {
  frame = 0;
  const names = new Set();
  for (const [key, value] of pending) {
    const previous = values.get(key);
    if (previous === value) continue;
    values.set(key, value);
    watchers.get(key)?.forEach((onValue) => onValue(value, previous));
    const rare = previous !== undefined && RARE.find(([pattern]) => pattern.test(key));
    if (rare) names.add(rare[1]);
  }
  pending.clear();
  names.forEach(announce);
}
