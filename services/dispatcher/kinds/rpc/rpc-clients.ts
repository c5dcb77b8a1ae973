import { type ChannelOptions, Client, credentials } from "@grpc/grpc-js";
import { RESPONSE_BYTES_MAX } from "../../perform/send-request.ts";
import type { RpcSettings } from "./rpc-settings.ts";

/** How many services have a connection at a time; the one that was used longest ago gives its own up. */
const CLIENTS_MAX = 500;

const OPTIONS: ChannelOptions = {
  "grpc.max_receive_message_length": RESPONSE_BYTES_MAX,
  "grpc.enable_retries": 0,
  // A connection that could not be made is tried again soon: the workflow's own retries say how often it is called.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
};

/** The connections to gRPC services, one for each address. */
export class RpcClients implements Disposable {
  readonly #clients = new Map<string, Client>();

  /** The connection to a service; made when it is first used. */
  get({ address, plainText }: RpcSettings): Client {
    const key = `${plainText ? "http" : "https"}://${address}`;
    const known = this.#clients.get(key);
    this.#clients.delete(key);
    const client =
      known ?? new Client(address, plainText ? credentials.createInsecure() : credentials.createSsl(), OPTIONS);
    this.#clients.set(key, client);
    this.#makeRoom();
    return client;
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  /** Calls under way on a connection that is given up go on to their end. */
  #makeRoom(): void {
    if (this.#clients.size <= CLIENTS_MAX) return;
    const [oldest] = this.#clients;
    if (oldest === undefined) return;
    const [key, client] = oldest;
    this.#clients.delete(key);
    client.close();
  }
}
