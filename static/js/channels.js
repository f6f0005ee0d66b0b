// Channels of the live socket: what a part of the page follows beside the values of the workspace.
//
// The socket is ql-live's; it tells here when it can send. Whoever follows a channel gets its messages (`chain.snapshot`,
// `chain.delta`) as long as it does; after a reconnect everything is subscribed again and starts with a snapshot.

const followers = new Map();
let send = null;

/** The socket is open: `sender` takes an op. Everything followed is subscribed. */
export function opened(sender) {
  send = sender;
  if (followers.size) send({ op: "subscribe", channels: [...followers.keys()] });
}

/** The socket is gone until `opened` is called again. */
export function closed() {
  send = null;
}

/** Call `onMessage(message)` for every message of the channel, a snapshot first; returns the function that stops it. */
export function follow(channel, onMessage) {
  if (!followers.has(channel)) followers.set(channel, new Set());
  followers.get(channel).add(onMessage);
  send?.({ op: "subscribe", channels: [channel] }); // again for one already followed: everybody gets a new snapshot
  return () => {
    const rest = followers.get(channel);
    if (!rest?.delete(onMessage) || rest.size) return;
    followers.delete(channel);
    send?.({ op: "unsubscribe", channels: [channel] });
  };
}

/** Whether the message is one of a channel; its followers have it then. */
export function deliver(message) {
  const channel = message.data?.channel;
  if (!channel) return false;
  followers.get(channel)?.forEach((onMessage) => onMessage(message));
  return true;
}
