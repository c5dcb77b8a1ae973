import type { Stamp } from "@antiphon/protocol";

/** By `topic/partition`: the newest place that was taken in. */
export type SourcesState = Readonly<Record<string, readonly [offset: number, index: number]>>;

/**
 * What a partition has taken in from relays: one place per source partition, for ever. A relay sends in order, so
 * whatever is not newer has been here before.
 */
export class Sources {
  readonly #places: Map<string, readonly [offset: number, index: number]>;

  constructor(state: SourcesState = {}) {
    this.#places = new Map(Object.entries(state));
  }

  hasSeen({ topic, partition, offset, index }: Stamp): boolean {
    const place = this.#places.get(`${topic}/${partition}`);
    return place !== undefined && (offset < place[0] || (offset === place[0] && index <= place[1]));
  }

  /** A place that is not newer changes nothing: what was taken in stays taken in. */
  add(place: Stamp): void {
    if (this.hasSeen(place)) return;
    const { topic, partition, offset, index } = place;
    this.#places.set(`${topic}/${partition}`, [offset, index]);
  }

  /** Takes in what others have taken in, as `state` says it. */
  addAll(places: SourcesState): void {
    for (const [source, [offset, index]] of Object.entries(places)) {
      const at = source.lastIndexOf("/");
      this.add({ topic: source.slice(0, at), partition: Number(source.slice(at + 1)), offset, index });
    }
  }

  copy(): Sources {
    return new Sources(this.state());
  }

  state(): SourcesState {
    return Object.fromEntries(this.#places);
  }
}
