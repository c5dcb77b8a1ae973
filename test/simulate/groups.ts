import { assignSticky, type Committed, type Membership, type Owned } from "@antiphon/log";
import type { Gate } from "@antiphon/processor/testing";
import type { Broker } from "./broker.ts";
import type { Faults } from "./faults.ts";
import { Member, type Seat } from "./member.ts";
import type { World } from "./world.ts";

/** After so long without a sign of life a member is taken for dead. */
export const SESSION_MS = 10_000;

interface Group {
  readonly name: string;
  readonly members: Map<string, Member>;
  readonly seats: Map<string, Seat>;
}

/** What a member works with. */
export interface Joining {
  readonly process: string;
  readonly gate: Gate;
  readonly run: (owned: Owned) => Promise<void>;
}

/**
 * The groups' coordinator: shares partitions out among members, hands them from one to the other, and keeps positions. Not
 * always does it wait for who had a partition before: then two work on it for a while.
 */
export class Groups {
  readonly #world: World;
  readonly #broker: Broker;
  readonly #faults: Faults;
  readonly #groups = new Map<string, Group>();
  readonly #positions = new Map<string, Committed>();
  readonly #everybody: Member[] = [];
  #joined = 0;

  constructor(world: World, broker: Broker, faults: Faults) {
    this.#world = world;
    this.#broker = broker;
    this.#faults = faults;
  }

  join(name: string, topics: readonly string[], joining: Joining): Membership {
    const group = this.#groups.get(name) ?? { name, members: new Map(), seats: new Map() };
    this.#groups.set(name, group);
    const places = topics.flatMap((topic) =>
      Array.from({ length: this.#broker.partitions(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
    );
    for (const place of places) {
      const key = `${place.topic}/${place.partition}`;
      if (group.seats.has(key)) continue;
      group.seats.set(key, {
        ...place,
        key,
        group: name,
        owner: undefined,
        wanted: undefined,
        turn: 0,
        isSettling: false,
      });
    }
    const keys = new Set(places.map(({ topic, partition }) => `${topic}/${partition}`));
    const member = new Member(this.#world, this, joining, keys, `${joining.process}#${this.#joined++}`);
    this.#everybody.push(member);
    this.#enter(group, member);
    return {
      stopped: member.stopped,
      [Symbol.asyncDispose]: async () => {
        await this.#world.schedule.point(joining.gate);
        if (group.members.delete(member.id)) this.#rebalance(group);
        await member.leave();
      },
    };
  }

  /** No sign of life has come from a process for too long: it is out of all groups. Answers with what lets it join again. */
  expel(process: string): () => void {
    const expelled = [...this.#groups.values()].flatMap((group) =>
      [...group.members.values()].filter((member) => member.process === process).map((member) => ({ group, member })),
    );
    for (const { group, member } of expelled) group.members.delete(member.id);
    for (const group of new Set(expelled.map((one) => one.group))) this.#rebalance(group);
    return () => {
      for (const { group, member } of expelled) {
        void member.releaseAll().then(() => {
          if (member.isLeaving) return;
          this.#enter(group, member);
        });
      }
    };
  }

  /** Partitions change hands for no reason that their owners would know. */
  shuffle(): void {
    const groups = [...this.#groups.values()].filter(({ members }) => members.size > 1);
    const [first, ...others] = groups;
    if (first === undefined) return;
    const group = this.#world.oneOf([first, ...others]);
    const members = [...group.members.values()];
    for (const seat of group.seats.values()) {
      const able = members.filter(({ places }) => places.has(seat.key));
      const [one, ...more] = able;
      if (one === undefined) continue;
      seat.wanted = this.#world.oneOf([one, ...more]);
      this.#settleSoon(seat);
    }
  }

  committed({ group, key }: Seat): Committed | undefined {
    return this.#positions.get(`${group} ${key}`);
  }

  committedOf(group: string, topic: string, partition: number): Committed | undefined {
    return this.#positions.get(`${group} ${topic}/${partition}`);
  }

  /** A position of who does not own the seat any more is refused. */
  commit(seat: Seat, turn: number, position: Committed): void {
    const isOwner = seat.turn === turn;
    const { group, key } = seat;
    this.#world.tell(() => `${group} ${key} is at ${position.offset} ${position.note}${isOwner ? "" : ": refused"}`);
    if (isOwner) this.#positions.set(`${group} ${key}`, position);
    else this.#world.happened("positions of former owners refused");
  }

  /** The run is over: nobody keeps anything alive, those who were killed included. */
  end(): void {
    for (const member of this.#everybody) member.abort();
  }

  #enter(group: Group, member: Member): void {
    group.members.set(member.id, member);
    this.#rebalance(group);
  }

  #rebalance(group: Group): void {
    const owners = new Map([...group.seats].map(([key, seat]) => [key, seat.wanted?.id]));
    const assigned = assignSticky(owners, [...group.members.values()]);
    for (const [key, seat] of group.seats) {
      seat.wanted = group.members.get(assigned.get(key) ?? "");
      this.#settleSoon(seat);
    }
  }

  #settleSoon(seat: Seat): void {
    if (seat.isSettling) return;
    seat.isSettling = true;
    void this.#settle(seat).finally(() => {
      seat.isSettling = false;
    });
  }

  async #settle(seat: Seat): Promise<void> {
    await this.#world.schedule.point();
    while (seat.owner !== seat.wanted) {
      const { owner, wanted } = seat;
      if (owner !== undefined) {
        const released = owner.release(seat.key, seat.turn);
        if (this.#world.strikes(this.#faults.conflict, "partitions handed on before their owners let go")) {
          await this.#world.schedule.point();
        } else await Promise.race([released, this.#world.sleep(SESSION_MS)]);
      }
      seat.turn++;
      seat.owner = owner === undefined ? wanted : undefined;
      this.#world.tell(() => `${seat.group} ${seat.key} belongs to ${seat.owner?.id ?? "nobody"}`);
      if (seat.owner !== undefined) seat.owner.take(seat, seat.turn);
    }
  }
}
