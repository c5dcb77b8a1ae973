import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "@antiphon/log/contract";
import type { KafkaLogOptions } from "@antiphon/log-kafka";

type SocketFactory = NonNullable<KafkaLogOptions["socketFactory"]>;

const PRODUCE = 0;
const API_KEY_AT = 4;
/** Long enough for the client to have tried again, as it waits some 20 ms before that. */
const LATE_MS = 300;

/** Connections on which the next produce request can be made to go wrong. */
export class FaultySockets {
  #armed: Fault | undefined;
  #harm: Promise<void> = Promise.resolve();

  arm(fault: Fault): void {
    this.#armed = fault;
  }

  /** Resolves when a request that was to be late has arrived. */
  async harmed(): Promise<void> {
    if (this.#armed !== undefined) throw new Error(`expected a request on which ${this.#armed}, none was sent`);
    await this.#harm;
  }

  readonly factory: SocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port, noDelay: true }, onConnect);
    const write = socket.write.bind(socket);
    const forward = (data: Buffer): boolean => write(data);
    socket.write = (data: unknown): boolean => {
      // kafkajs writes each request at once and as a Buffer.
      if (!Buffer.isBuffer(data)) throw new Error("expected a request as a Buffer");
      if (this.#armed === undefined || data.readInt16BE(API_KEY_AT) !== PRODUCE) return forward(data);
      const fault = this.#armed;
      this.#armed = undefined;
      return this.#spoil(fault, socket, data, forward);
    };
    return socket;
  };

  #spoil(fault: Fault, socket: Socket, data: Buffer, forward: (data: Buffer) => boolean): boolean {
    const cut = (): Socket => socket.destroy(new Error(`cut by the test: ${fault}`));
    switch (fault) {
      case "the request is lost":
        cut();
        return true;
      case "the answer is lost":
        swallowAnswer(socket, cut);
        return forward(data);
      case "the request is delivered twice":
        return forward(Buffer.concat([data, data]));
      case "the request is late":
        this.#harm = deliverLate(socket, Buffer.from(data));
        cut();
        return true;
    }
  }
}

/** The answer proves that the request has landed; nobody gets to see it. */
function swallowAnswer(socket: Socket, cut: () => void): void {
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== "data") return emit(event, ...args);
    cut();
    return true;
  };
}

async function deliverLate(through: Socket, request: Buffer): Promise<void> {
  const { remotePort: port, remoteAddress: host } = through;
  if (port === undefined || host === undefined) throw new Error("expected a connected socket");
  await sleep(LATE_MS);
  const socket = connect({ host, port });
  socket.write(request);
  await new Promise((resolve, reject) => socket.once("data", resolve).once("error", reject));
  socket.destroy();
}
