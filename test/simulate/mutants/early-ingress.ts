import type { Log, Owned } from "@antiphon/log";

/** A log whose readers of users' topics have their position committed as soon as they have read. */
export function earlyIngress(log: Log): Partial<Log> {
  const owners = new Map<string, Owned>();
  return {
    join: (group, topics, run) =>
      log.join(group, topics, (owned) => {
        if (group === "antiphon.ingress") owners.set(`${owned.topic}/${owned.partition}`, owned);
        return run(owned);
      }),
    async *tail(topic, partition, from, options) {
      for await (const batch of log.tail(topic, partition, from, options)) {
        await owners.get(`${topic}/${partition}`)?.commit({ offset: batch.next, note: "" });
        yield batch;
      }
    },
  };
}
