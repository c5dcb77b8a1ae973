import { deadLetterId } from "@antiphon/host";
import { partitionOf } from "@antiphon/log";
import { DEAD_LETTERS_MS, topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import {
  aboutOf,
  type DeadLetterRow,
  deadLetterKey,
  deadLetterLines,
  eventKey,
  isHeld,
  type LedgerRow,
  ledgerLines,
  lists,
  loadRows,
  type Removal,
  readEventEntry,
  readRow,
  removalOf,
  spacesOf,
  timeRange,
  type ViewedTopic,
  viewSpace,
} from "@antiphon/views";

/** How many lines of a list are looked at in one turn. */
export const EXPIRED_MAX = 500;
/** How long a list rests whose old lines have been looked at. */
export const REST_MS = 60_000;
/** After this time all old lines are looked at again: some were kept then, for what they are about was not over. */
export const ANEW_MS = 24 * 3_600_000;
/** Dead letters are kept so many times as long as other rows, as far as their topic keeps them. */
export const LETTERS_TIMES = 3;

interface List {
  readonly index: string;
  readonly keepMs: number;
  readonly keyOf: (line: string) => string;
  /** The line up to which the old ones have been looked at; none: from the oldest. */
  after?: string;
  restsUntilMs: number;
  anewMs: number;
}

/**
 * Takes rows of the ledger and of dead letters away when their time is over: a bounded number at a turn, the oldest first, by
 * the lists that there are. Rows of instances are gone when their owner has forgotten the instance, which the log tells.
 */
export class Expiry {
  readonly #store: Pick<Store, "load" | "scan">;
  readonly #topic: ViewedTopic;
  readonly #space: string;
  readonly #letters: readonly string[];
  readonly #lists: readonly List[];

  constructor(
    { store, partitions }: { readonly store: Pick<Store, "load" | "scan">; readonly partitions: number },
    topic: ViewedTopic,
    partition: number,
    retentionMs: number,
  ) {
    this.#store = store;
    this.#topic = topic;
    this.#space = viewSpace(topic, partition);
    this.#letters = spacesOf(topics.deadLetters, partitions);
    const begun = { restsUntilMs: 0, anewMs: 0 };
    const lettersMs = Math.min(LETTERS_TIMES * retentionMs, DEAD_LETTERS_MS);
    const isLetters = topic === topics.deadLetters;
    const ofEvents = { index: lists.events, keepMs: isLetters ? lettersMs : retentionMs, keyOf: keyOfEvent, ...begun };
    const ofLetters = { index: lists.deadLetters, keepMs: lettersMs, keyOf: keyOfLetter, ...begun };
    this.#lists = isLetters ? [ofEvents, ofLetters] : [ofEvents];
  }

  /** Rows whose time is over, of those that are looked at in this turn; none, if there is nothing to do. */
  async next(nowMs: number): Promise<Removal | undefined> {
    const list = this.#lists.find(({ restsUntilMs }) => restsUntilMs <= nowMs);
    if (list === undefined) return undefined;
    if (list.anewMs <= nowMs) {
      list.anewMs = nowMs + ANEW_MS;
      delete list.after;
    }
    const beforeMs = nowMs - list.keepMs;
    const { after } = list;
    const range = { ...timeRange(undefined, beforeMs), ...(after !== undefined && { after }), limit: EXPIRED_MAX };
    const lines = await this.#store.scan(this.#space, list.index, range);
    const last = lines.at(-1);
    if (lines.length < EXPIRED_MAX) list.restsUntilMs = nowMs + REST_MS;
    if (last === undefined) return undefined;
    list.after = last;
    const keys = lines.map(list.keyOf);
    return list.index === lists.events ? await this.#events(keys, beforeMs) : await this.#lettersOf(keys, beforeMs);
  }

  async #events(keys: readonly string[], beforeMs: number): Promise<Removal> {
    const { values } = await this.#store.load(this.#space, keys);
    const rows = keys.flatMap((key, i) => {
      const row = readRow<LedgerRow>(values[i]);
      return row !== undefined && row.atMs < beforeMs && !isHeld(row) ? [{ key, row }] : [];
    });
    const isNeeded = await this.#haveLetters(rows.map(({ row }) => row));
    return removalOf(
      rows.filter((_, i) => !isNeeded[i]),
      ledgerLines,
    );
  }

  async #lettersOf(keys: readonly string[], beforeMs: number): Promise<Removal> {
    const { values } = await this.#store.load(this.#space, keys);
    const rows = keys.flatMap((key, i) => {
      const row = readRow<DeadLetterRow>(values[i]);
      return row !== undefined && row.atMs < beforeMs ? [{ key, row }] : [];
    });
    return removalOf(rows, deadLetterLines);
  }

  /** What became of an event says whether its letter is to be looked at: it is known as long as there is one. */
  async #haveLetters(rows: readonly LedgerRow[]): Promise<readonly boolean[]> {
    if (this.#topic === topics.deadLetters) return rows.map(() => false);
    const places = rows.map(({ source, id: event, type }) => {
      const id = deadLetterId({ event: { specversion: "1.0", source, id: event, type }, from: NOWHERE });
      return { space: partitionOf(id, this.#letters.length), key: deadLetterKey(id) };
    });
    return (await loadRows(this.#store, this.#letters, places)).map((letter) => letter !== undefined);
  }
}

/** The id of an event's letter does not follow from where that came from. */
const NOWHERE = { topic: "", partition: 0, offset: 0, index: 0 };

function keyOfEvent(line: string): string {
  return eventKey(readEventEntry(aboutOf(line)));
}

function keyOfLetter(line: string): string {
  return deadLetterKey(aboutOf(line));
}
