import type { Random } from "./random.ts";

/** Something bad that happens to a deployment. It resolves when the worst is over; what was taken away may still be coming back. */
export interface Disturbance {
  readonly name: string;
  /** Gives what it has done, in a few words; undefined: nothing, because what it would strike is away. */
  strike(random: Random): Promise<string | undefined>;
}

/** A deployment under attack. */
export interface Machine extends AsyncDisposable {
  /** Its gateways. */
  readonly urls: readonly string[];
  /** `host:port`, with commas between; undefined: there is no broker. */
  readonly kafkaBrokers: string | undefined;
  /** What stands before the names of its groups. */
  readonly prefix: string;
  readonly disturbances: readonly Disturbance[];
  /** Waits until everything is there again, and ready. */
  settle(): Promise<void>;
  /** What its processes have printed. */
  logs(): string;
}
