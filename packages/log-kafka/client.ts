import type { Socket } from "node:net";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { settledWithin } from "@antiphon/log";
import { type Cluster, type ISocketFactory, Kafka, logLevel } from "kafkajs";
import { readEveryCodec } from "./codecs.ts";
import { mendDecoding } from "./mended-decoding.ts";
import { mendKafkajs } from "./mended-kafkajs.ts";
import type { KafkaLogOptions } from "./options.ts";

const CONNECT_MS_MAX = 5_000;
const REQUEST_MS_MAX = 15_000;
const KEEP_ALIVE_DELAY_MS = 60_000;
/** How long connections may take to say goodbye before they are cut. */
const CLOSE_MS_MAX = 2_000;

/** kafkajs takes leave of a socket that is just connecting once for each request that failed. */
const SOCKET_LISTENERS_MAX = 1_000;

/** Opens connections to the brokers, and sees to it that none is left in the end. */
export class Client implements AsyncDisposable {
  readonly kafka: Kafka;
  readonly #sockets = new Set<Socket>();
  readonly #clusters = new Set<Cluster>();

  constructor({ brokers, clientId, ssl, sasl, logger, socketFactory = openSocket }: KafkaLogOptions) {
    mendKafkajs();
    mendDecoding();
    readEveryCodec();
    this.kafka = new Kafka({
      brokers: [...brokers],
      clientId,
      ...(ssl === undefined ? {} : { ssl }),
      ...(sasl === undefined ? {} : { sasl }),
      connectionTimeout: CONNECT_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      // Trying again is decided where it is known what that means.
      retry: { retries: 0 },
      socketFactory: (args) => this.#track(socketFactory(args)),
      logLevel: logLevel.WARN,
      logCreator:
        () =>
        ({ namespace, log: { message, ...details } }) =>
          logger.debug({ kafkajs: namespace, ...details }, message),
    });
  }

  /**
   * A set of connections of its own, two to each broker it is used with: one for fetches, one for all else. Requests on
   * one connection are answered one after the other.
   */
  open(): Cluster {
    const cluster = clusterOf(this.kafka);
    this.#clusters.add(cluster);
    return cluster;
  }

  /** Closes what `open` gave. */
  async close(cluster: Cluster): Promise<void> {
    this.#clusters.delete(cluster);
    await settledWithin(cluster.disconnect(), CLOSE_MS_MAX);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clusters].map((cluster) => this.close(cluster)));
    for (const socket of this.#sockets) socket.destroy();
  }

  #track(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.setMaxListeners(SOCKET_LISTENERS_MAX);
    return socket.once("close", () => this.#sockets.delete(socket));
  }
}

/**
 * kafkajs hands its cluster, the layer that speaks the protocol, to partition assigners, and to nobody else. So a
 * consumer that never runs is asked for one.
 */
function clusterOf(kafka: Kafka): Cluster {
  let found: Cluster | undefined;
  kafka.consumer({
    groupId: "never-joined",
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        found = cluster;
        return {
          name: "none",
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: "none", metadata: Buffer.of() }),
        };
      },
    ],
  });
  if (found === undefined) throw new Error("expected kafkajs 2.2.4, which hands its cluster to partition assigners");
  return found;
}

const openSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, servername: host, ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
  return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
};
