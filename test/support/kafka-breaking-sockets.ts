import { connect } from "node:net";
import type { KafkaLogOptions } from "@antiphon/log-kafka";

/** The share of writes, and of pieces read, that end their connection. */
const BREAK_RATE = 0.01;
const BREAK_DELAY_MS_MAX = 3;

/** Connections that break at random, before or after a request was sent and in the middle of answers, until `calm`. */
export function breakingSockets(): { factory: NonNullable<KafkaLogOptions["socketFactory"]>; calm: () => void } {
  let isCalm = false;
  const breaks = (): boolean => !isCalm && Math.random() < BREAK_RATE;
  return {
    calm: () => {
      isCalm = true;
    },
    factory: ({ host, port, onConnect }) => {
      const socket = connect({ host, port, noDelay: true }, onConnect);
      const write = socket.write.bind(socket);
      const emit = socket.emit.bind(socket);
      socket.write = (data: string | Uint8Array): boolean => {
        if (breaks()) return !socket.destroy(new Error("broken by the test before a request"));
        if (breaks()) {
          const end = (): unknown => socket.destroy(new Error("broken by the test after a request"));
          setTimeout(end, Math.random() * BREAK_DELAY_MS_MAX);
        }
        return write(data);
      };
      socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
        if (event !== "data" || !breaks()) return emit(event, ...args);
        socket.destroy(new Error("broken by the test within an answer"));
        return true;
      };
      return socket;
    },
  };
}
