import { connect as connectPlain } from "node:net";
import { connect as connectTls } from "node:tls";

const ANSWER_TIMEOUT_MS = 2_000;

/** Sends one command over a connection of its own and gives the first line of the answer: `+PONG`, `-ERR …`. */
export function askRedis(url: URL, ...command: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const at = { host: url.hostname, port: Number(url.port || 6379) };
  const socket = url.protocol === "rediss:" ? connectTls({ ...at, servername: at.host }) : connectPlain(at);
  const login = url.password
    ? [["AUTH", decodeURIComponent(url.username || "default"), decodeURIComponent(url.password)]]
    : [];
  const commands = [...login, command];
  let answer = "";

  socket.setTimeout(ANSWER_TIMEOUT_MS, () =>
    socket.destroy(new Error(`no answer to ${command[0]} from ${at.host}:${at.port}`)),
  );
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    answer += chunk;
    const lines = answer.split("\r\n");
    const line = lines[commands.length - 1];
    // The last piece of a split is what follows the last line break: not a whole line.
    if (line === undefined || lines.length <= commands.length) return;
    resolve(line);
    socket.destroy();
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error(`${at.host}:${at.port} closed before it answered ${command[0]}`)));
  socket.write(commands.map(encoded).join(""));
  return promise;
}

function encoded(command: readonly string[]): string {
  return `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
}
