import { connect, createServer, type Socket } from "node:net";

/** Stands between a client and a Redis and can lose what passes. */
export interface RedisProxy extends AsyncDisposable {
  /** For the client: like the server's URL, with the proxy's address. */
  readonly url: string;
  /** "landed": the next answer is dropped; "not landed": the next request is. Either way the connection breaks. */
  loseNext(fate: "landed" | "not landed"): void;
}

/** Starts a proxy on a free port of this machine, to a Redis without TLS. */
export async function startRedisProxy(serverUrl: string): Promise<RedisProxy> {
  const target = new URL(serverUrl);
  const open = new Set<Socket>();
  let fate: "landed" | "not landed" | undefined;

  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port || 6379) });
    const sever = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const passUnless = (from: Socket, to: Socket, losing: "landed" | "not landed"): void => {
      open.add(from);
      from.on("data", (bytes: Buffer) => {
        if (fate !== losing) return void to.write(bytes);
        fate = undefined;
        sever();
      });
      from.on("error", sever);
      from.on("close", () => {
        open.delete(from);
        sever();
      });
    };
    passUnless(client, upstream, "not landed");
    passUnless(upstream, client, "landed");
  });

  const listening = Promise.withResolvers<void>();
  server.on("error", listening.reject).listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error(`expected a TCP address, found ${address}`);
  const url = new URL(serverUrl);
  url.hostname = "127.0.0.1";
  url.port = `${address.port}`;

  return {
    url: url.href,
    loseNext(next) {
      fate = next;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}
