import { assignSticky } from "./assignment.ts";
import type { Committed, Membership, Owned } from "./port.ts";
import { errorOf, settledWithin } from "./settled-within.ts";

/** How long a partition waits for its old owner's `run` to return before another member gets it. */
export const HANDOVER_MS_MAX = 5_000;

/** Where a coordinator keeps the positions of its groups. */
export interface Positions {
  get(group: string, topic: string, partition: number): Committed | undefined;
  set(group: string, topic: string, partition: number, position: Committed): void;
}

/** One partition of one topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

type Run = (owned: Owned) => Promise<void>;

/** A membership whose places can be changed. */
interface Joined extends Omit<Membership, "follow"> {
  follow(places: readonly Place[]): void;
}

interface Member {
  readonly id: string;
  places: ReadonlySet<string>;
  readonly run: Run;
  readonly stopped: PromiseWithResolvers<void>;
}

interface Running {
  readonly member: Member;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** A place of a group: who should have it, who has it, and whether somebody is making these two the same. */
interface Seat extends Place {
  wanted: Member | undefined;
  running: Running | undefined;
  settling: Promise<void> | undefined;
  /** Members whose run outlived the limit: they do not get the place again before it has ended. */
  readonly overdue: Set<Member>;
}

interface Group {
  readonly name: string;
  readonly members: Map<string, Member>;
  readonly seats: Map<string, Seat>;
}

/**
 * Shares out partitions among the members of groups within one process: what a broker does for many.
 * Each change of members gives every partition a wanted owner, moving as few as it can; each seat then settles by
 * itself: abort the old run, await it, begin the new one.
 */
export class GroupCoordinator {
  readonly #positions: Positions;
  readonly #handoverMsMax: number;
  readonly #groups = new Map<string, Group>();
  #joined = 0;

  constructor(positions: Positions, handoverMsMax = HANDOVER_MS_MAX) {
    this.#positions = positions;
    this.#handoverMsMax = handoverMsMax;
  }

  /** Adds a member that works on its share of `places`; `follow` gives it other ones. */
  join(name: string, places: readonly Place[], run: Run): Joined {
    const group = this.#groups.get(name) ?? { name, members: new Map(), seats: new Map() };
    this.#groups.set(name, group);
    for (const place of places) addSeat(group, place);

    const id = String(this.#joined++);
    const stopped = Promise.withResolvers<void>();
    const member: Member = { id, places: new Set(places.map(seatKey)), run, stopped };
    group.members.set(id, member);
    this.#rebalance(group);
    return {
      stopped: stopped.promise,
      follow: (places) => {
        for (const place of places) addSeat(group, place);
        member.places = new Set(places.map(seatKey));
        this.#rebalance(group);
      },
      [Symbol.asyncDispose]: () => this.#leave(group, member),
    };
  }

  /** Lets all members of all groups leave. */
  async close(): Promise<void> {
    const groups = [...this.#groups.values()];
    await Promise.all(
      groups.flatMap((group) => [...group.members.values()].map((member) => this.#leave(group, member))),
    );
  }

  async #leave(group: Group, member: Member): Promise<void> {
    const seats = [...group.seats.values()].filter((seat) => seat.running?.member === member);
    if (group.members.delete(member.id)) this.#rebalance(group);
    await Promise.all(seats.map((seat) => seat.settling));
    member.stopped.resolve();
  }

  #fail(group: Group, member: Member, error: unknown): void {
    member.stopped.reject(errorOf(error));
    if (group.members.delete(member.id)) this.#rebalance(group);
  }

  #rebalance(group: Group): void {
    const owners = new Map([...group.seats].map(([key, seat]) => [key, seat.wanted?.id]));
    const assigned = assignSticky(owners, [...group.members.values()]);
    for (const [key, seat] of group.seats) {
      seat.wanted = group.members.get(assigned.get(key) ?? "");
      this.#settleSoon(group, seat);
    }
  }

  #settleSoon(group: Group, seat: Seat): void {
    seat.settling ??= this.#settle(group, seat).finally(() => {
      seat.settling = undefined;
    });
  }

  async #settle(group: Group, seat: Seat): Promise<void> {
    await Promise.resolve();
    while (seat.running?.member !== seat.wanted) {
      if (seat.running !== undefined) await this.#stop(group, seat, seat.running);
      else if (seat.wanted === undefined || seat.overdue.has(seat.wanted)) return;
      else this.#start(group, seat, seat.wanted);
    }
  }

  async #stop(group: Group, seat: Seat, { member, controller, ended }: Running): Promise<void> {
    controller.abort();
    if (!(await settledWithin(ended, this.#handoverMsMax))) {
      seat.overdue.add(member);
      void ended.then(() => {
        seat.overdue.delete(member);
        this.#settleSoon(group, seat);
      });
    }
    seat.running = undefined;
  }

  #start(group: Group, seat: Seat, member: Member): void {
    const { topic, partition } = seat;
    const controller = new AbortController();
    const { signal } = controller;
    const owned: Owned = {
      topic,
      partition,
      committed: this.#positions.get(group.name, topic, partition),
      signal,
      commit: async (position) => {
        // An owner that outlived its time must not move the position of its successor.
        if (seat.running?.controller === controller) this.#positions.set(group.name, topic, partition, position);
      },
    };
    const running = Promise.resolve().then(() => member.run(owned));
    const ended = running.catch((error: unknown) => {
      if (!(signal.aborted && isAbort(error))) this.#fail(group, member, error);
    });
    seat.running = { member, controller, ended };
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function addSeat(group: Group, { topic, partition }: Place): void {
  const key = seatKey({ topic, partition });
  if (group.seats.has(key)) return;
  group.seats.set(key, {
    topic,
    partition,
    wanted: undefined,
    running: undefined,
    settling: undefined,
    overdue: new Set(),
  });
}

function seatKey({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}
