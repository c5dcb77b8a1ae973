import type { Socket } from "node:net";
import { formatJson } from "@antiphon/protocol";
import { Problem, problemDocument } from "./problem.ts";

/** Answers what is no HTTP request, or whose headers are too large, before there is a request to route; then hangs up. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const problem = problemOf(error);
  const body = formatJson(problemDocument(problem, { forSonataFlow: true }));
  const head = [
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? "Bad Request"}`,
    "content-type: application/problem+json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

const REASONS: Readonly<Record<number, string>> = {
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

function problemOf({ code, message }: NodeJS.ErrnoException): Problem {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new Problem(431, "headers-too-large", "the headers: expected at most 16384 bytes, found more");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new Problem(408, "request-too-slow", "the request did not arrive as a whole in time");
    default:
      return new Problem(400, "bad-request", `expected an HTTP request, found an error: ${message}`);
  }
}
