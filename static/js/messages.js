// The sentences for facts of the live channel. A fact without one is not told; the page shows its effect anyway.

const order = ({ side, qty, instrument }) => `${side === "BUY" ? "buy" : "sell"} ${qty} ${instrument}`;

const SENTENCES = {
  "order.filled": (data) => ["info", `Filled: ${order(data)}.`],
  "order.rejected": (data) => ["error", `Rejected: ${order(data)}. ${data.reason ?? ""}`],
  "order.unknown": (data) => ["error", `In doubt, being looked up at the broker: ${order(data)}.`],
  "run.completed": ({ text }) => text && ["info", text],
  "run.failed": ({ text }) => ["error", text || "A run stopped and needs attention."],
  "kill_switch.pressed": ({ by }) => ["error", `Trading was stopped by ${by}.`],
  "kill_switch.lifted": ({ by }) => ["info", `The stop was lifted by ${by}. Entries are allowed again.`],
  "replay.ended": () => ["info", "The recorded session has ended. Play it again, or go on to the next day."],
};

/** [kind, sentence] of a fact, or nothing. */
export const sentenceOf = ({ type, data }) => SENTENCES[type]?.(data ?? {});
