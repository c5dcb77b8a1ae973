import type { Ports } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import {
  aboutOf,
  type DeadLetterRow,
  deadLetterKey,
  deadLetterState,
  knownOf,
  lists,
  loadRows,
  type ViewedTopic,
  viewSpace,
} from "@antiphon/views";
import { Counter, Gauge, type Registry } from "prom-client";
import { PartitionMetrics } from "./partition-metrics.ts";

/** How long the number of open dead letters is good for: each takes a look at the ledger. */
export const LETTERS_FRESH_MS = 10_000;
/** How many dead letters of a partition are looked at to count the open ones. */
export const LETTERS_MAX = 10_000;
/** How many are looked at between two turns of the event loop: a process that counts does its work all the same. */
const LETTERS_AT_ONCE = 100;

type MetricsPorts = Pick<Ports, "store" | "clock"> & { readonly partitions: number };

/** What the views know of events and waits, as metrics of the partitions that this process keeps. */
export class ViewMetrics {
  readonly #ports: MetricsPorts;
  readonly #events: Counter<"disposition">;
  readonly #partitions = new Set<PartitionMetrics>();
  #letters = { count: 0, atMs: Number.NEGATIVE_INFINITY };
  #counting: Promise<number> | undefined;

  /** Without a registry they are counted for nobody. */
  constructor(registry: Registry | undefined, ports: MetricsPorts) {
    this.#ports = ports;
    const registers = registry === undefined ? [] : [registry];
    this.#events = new Counter({
      name: "antiphon_events_total",
      help: "Dispositions that result events were given; one that is buffered is given another later",
      labelNames: ["disposition"],
      registers,
    });
    for (const disposition of ["resolved", "started", "buffered", "duplicate", "unmatched", "rejected", "expired"]) {
      this.#events.inc({ disposition }, 0);
    }
    const gauge = (name: string, help: string, value: () => number | Promise<number>): void => {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await value());
        },
      });
    };
    gauge("antiphon_waits_open", "Waits of instances that are open", () => this.#sum(lists.waits));
    gauge("antiphon_events_buffered", "Early events that are kept for a wait", () => this.#sum(lists.eventsHeld));
    gauge("antiphon_dead_letters_open", "Dead letters that need a look", () => this.#openLetters());
  }

  /** A partition is kept from now on, until disposal. */
  begin(topic: ViewedTopic, partition: number): PartitionMetrics {
    const metrics = new PartitionMetrics({
      topic,
      partition,
      events: this.#events,
      over: () => this.#partitions.delete(metrics),
    });
    this.#partitions.add(metrics);
    return metrics;
  }

  #sum(index: string): number {
    return [...this.#partitions].reduce((sum, partition) => sum + partition.lines(index), 0);
  }

  /** They are counted once for all who ask meanwhile. */
  async #openLetters(): Promise<number> {
    if (this.#ports.clock.steady() - this.#letters.atMs < LETTERS_FRESH_MS) return this.#letters.count;
    this.#counting ??= this.#countLetters().finally(() => {
      this.#counting = undefined;
    });
    return await this.#counting;
  }

  async #countLetters(): Promise<number> {
    const nowMs = this.#ports.clock.steady();
    const kept = [...this.#partitions].filter(({ topic }) => topic === topics.deadLetters);
    try {
      const counts = await Promise.all(kept.map(({ partition }) => this.#openLettersOf(partition)));
      this.#letters = { count: counts.reduce((sum, count) => sum + count, 0), atMs: nowMs };
    } catch {
      // The store is away, which others tell. The other metrics are wanted all the more.
    }
    return this.#letters.count;
  }

  async #openLettersOf(partition: number): Promise<number> {
    const { store } = this.#ports;
    const space = viewSpace(topics.deadLetters, partition);
    let count = 0;
    let after: string | undefined;
    for (let looked = 0; looked < LETTERS_MAX; looked += LETTERS_AT_ONCE) {
      const range = { limit: LETTERS_AT_ONCE, ...(after !== undefined && { after }) };
      const lines = await store.scan(space, lists.deadLettersToLookAt, range);
      const places = lines.map((line) => ({ space: 0, key: deadLetterKey(aboutOf(line)) }));
      const rows = (await loadRows<DeadLetterRow>(store, [space], places)).filter((row) => row !== undefined);
      const known = await knownOf(this.#ports, rows);
      count += rows.filter((row, i) => deadLetterState(row, known[i]) === "open").length;
      after = lines.at(-1);
      if (lines.length < LETTERS_AT_ONCE) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return count;
  }
}
