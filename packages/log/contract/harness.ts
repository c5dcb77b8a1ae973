import type { Log } from "../port.ts";

/** What can go wrong once on the way between a client and its log, while it appends. */
export type Fault =
  /** The batch lands, and the client does not hear of it. */
  | "the answer is lost"
  /** The batch never arrives. */
  | "the request is lost"
  /** The batch arrives twice, one right after the other. */
  | "the request is delivered twice"
  /** The client gives the request up and tries again; then the first one arrives as well. */
  | "the request is late";

/** A client of a log whose next append can be made to go wrong. */
export interface FaultyClient {
  readonly log: Log;
  /** Lets the next append go wrong. */
  arm(fault: Fault): void;
  /** Resolves when what was armed has done all of its harm. */
  harmed(): Promise<void>;
}

/** One log for one test, and the ways to it. Disposal takes its clients along. */
export interface Harness extends AsyncDisposable {
  /** A client such as each process has one; those of one harness share their topics and groups. */
  connect(): Promise<Log>;
  connectFaulty(): Promise<FaultyClient>;
  /** Ends all clients, and has what outlives the process come back. Absent where nothing does. */
  readonly restart?: () => Promise<void>;
}

/** Opens what one test needs. */
export type Open = () => Promise<Harness>;
