import type { Owned } from "../port.ts";
import { aborted } from "./fixtures.ts";

/** Who owns which partition at the moment, told by members whose work is to be there. */
export class Owners {
  /** How many runs have begun. */
  begun = 0;
  /** How often a run began before another one of its partition had ended. */
  overlaps = 0;
  readonly #owners = new Map<string, string>();

  /** The run of a member. */
  run(member: string): (owned: Owned) => Promise<void> {
    return async ({ topic, partition, signal }) => {
      const place = `${topic}/${partition}`;
      this.begun += 1;
      if (this.#owners.has(place)) this.overlaps += 1;
      this.#owners.set(place, member);
      await aborted(signal);
      this.#owners.delete(place);
    };
  }

  /** What a member owns. */
  of(member: string): string[] {
    return [...this.#owners].filter(([, owner]) => owner === member).map(([place]) => place);
  }
}
