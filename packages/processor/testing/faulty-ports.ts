import { type Log, LogUnavailableError } from "@antiphon/log";
import { type Store, StoreUnavailableError } from "@antiphon/store";
import type { Schedule } from "./schedule.ts";

/** How likely a call fails, from 0 to 1. */
export interface Faults {
  /** The call has no effect. */
  readonly before: number;
  /** The call has its effect, and its answer is lost. */
  readonly after: number;
  /** The store forgets everything before the call. */
  readonly forget: number;
}

/** A log whose calls come in the schedule's order and fail at its will. Signals of life (`tail`, `join`) are as they are. */
export function faultyLog(log: Log, schedule: Schedule, faults: Faults): Log {
  const faulty = async <T>(call: () => Promise<T>): Promise<T> => {
    await schedule.point();
    if (schedule.chance(faults.before)) throw new LogUnavailableError("lost on the way there");
    const answer = await call();
    await schedule.point();
    if (schedule.chance(faults.after)) throw new LogUnavailableError("lost on the way back");
    return answer;
  };
  return {
    ensureTopics: (topics) => log.ensureTopics(topics),
    partitions: (topic) => log.partitions(topic),
    append: (topic, partition, records, options) => faulty(() => log.append(topic, partition, records, options)),
    publish: (messages) => faulty(() => log.publish(messages)),
    read: (topic, partition, from, max) => faulty(() => log.read(topic, partition, from, max)),
    tail: (topic, partition, from, options) => log.tail(topic, partition, from, options),
    bounds: (topic, partition) => faulty(() => log.bounds(topic, partition)),
    truncate: (topic, partition, before) => faulty(() => log.truncate(topic, partition, before)),
    committed: (group, topic, partition) => faulty(() => log.committed(group, topic, partition)),
    join: (group, topics, run) => log.join(group, topics, run),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}

/** A store that fails and forgets at the schedule's will. */
export function faultyStore(store: Store & { loseEverything(): void }, schedule: Schedule, faults: Faults): Store {
  const faulty = async <T>(call: () => Promise<T>): Promise<T> => {
    await schedule.point();
    if (schedule.chance(faults.forget)) store.loseEverything();
    if (schedule.chance(faults.before)) throw new StoreUnavailableError("lost on the way there");
    const answer = await call();
    await schedule.point();
    if (schedule.chance(faults.after)) throw new StoreUnavailableError("lost on the way back");
    return answer;
  };
  return {
    load: (space, keys) => faulty(() => store.load(space, keys)),
    commit: (space, commit) => faulty(() => store.commit(space, commit)),
    scan: (space, index, range) => faulty(() => store.scan(space, index, range)),
    wipe: (space) => faulty(() => store.wipe(space)),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
