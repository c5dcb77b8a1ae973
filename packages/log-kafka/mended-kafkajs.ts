import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { KafkaJSConnectionError } from "./failures.ts";

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

interface Connection {
  socket?: Socket;
  /** Answers that have come in part. */
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect(): Promise<unknown>;
}

/** An answer begins with its length. */
const LENGTH_BYTES = 4;

/** Those of Kafka's protocol in which a request to produce has headers in its records. */
const PRODUCE_VERSIONS = [3, 4, 5, 6, 7];

const require = createRequire(import.meta.url);
let isMended = false;

/** Mends four faults of kafkajs 2.2.4, its last release, for this process. Calling it again changes nothing. */
export function mendKafkajs(): void {
  if (isMended) return;
  isMended = true;
  restIdleRequestQueues(prototypeOf<RequestQueue>("network/requestQueue/index.js", "scheduleCheckPendingRequests"));
  connectAfresh(prototypeOf<Connection>("network/connection.js", "connect"));
  for (const version of PRODUCE_VERSIONS)
    tellAllPartitions(`kafkajs/src/protocol/requests/produce/v${version}/response.js`);
}

/**
 * It sets a timer in the past after each answer, and again from that timer, once a millisecond for as long as a connection
 * lives: several per cent of a core when nothing happens, and Node's TimeoutNegativeWarning. The timer is needed while
 * requests wait in the queue, and only then (tulios/kafkajs#1604, #1751).
 */
function restIdleRequestQueues(queue: RequestQueue): void {
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function scheduleIfPending() {
    if (this.pending.length > 0) schedule.call(this);
  };
}

/**
 * It opens a socket for each of several requests that find a connection closed, and forgets all of them but the last. And
 * it reads on where the old socket stopped, in the middle of an answer perhaps: what comes next is taken for something
 * else, and what that throws ends the process.
 */
function connectAfresh(connection: Connection): void {
  const connect = connection.connect;
  const connecting = new WeakMap<Connection, Promise<unknown>>();
  connection.connect = function connectOnceAndAfresh() {
    const underway = connecting.get(this);
    if (underway !== undefined) return underway;
    if (this.isConnected()) return connect.call(this);
    this.socket?.destroy();
    this.chunks = [];
    this.bytesBuffered = 0;
    this.bytesNeeded = LENGTH_BYTES;
    const connected = orClosed(connect.call(this), this).finally(() => connecting.delete(this));
    connecting.set(this, connected);
    return connected;
  };
}

/** It waits for ever when the other side hangs up while TLS is being agreed on. */
function orClosed(connected: Promise<unknown>, { socket }: Connection): Promise<unknown> {
  const closed = new Promise((_, reject) => {
    socket?.once("close", () => reject(new KafkaJSConnectionError("the connection was closed while it was made")));
  });
  return Promise.race([connected, closed]);
}

/** It throws what one partition of a request was refused with, and forgets what became of the others. */
function tellAllPartitions(file: string): void {
  const response = require(file) as { parse?: (answer: unknown) => Promise<unknown> };
  if (typeof response.parse !== "function") throw new Error(`expected kafkajs 2.2.4 with parse in ${file}`);
  response.parse = async (answer) => answer;
}

function prototypeOf<T extends object>(file: string, method: keyof T & string): T {
  const made: unknown = require(`kafkajs/src/${file}`);
  const prototype: unknown = typeof made === "function" ? made.prototype : undefined;
  if (!has<T>(prototype, method)) throw new Error(`expected kafkajs 2.2.4 with ${method} in ${file}`);
  return prototype;
}

function has<T extends object>(prototype: unknown, method: keyof T & string): prototype is T {
  return typeof prototype === "object" && prototype !== null && method in prototype;
}
