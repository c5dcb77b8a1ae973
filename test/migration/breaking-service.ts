import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A service that breaks every connection off as soon as something is asked. */
export class BreakingService implements AsyncDisposable {
  readonly #server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.resetAndDestroy());
  });

  static async listen(): Promise<BreakingService> {
    const service = new BreakingService();
    service.#server.listen(0, "127.0.0.1");
    await once(service.#server, "listening");
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
  }
}
