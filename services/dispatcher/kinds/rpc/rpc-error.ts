import type { ActionOutcome } from "@antiphon/protocol";
import { type ServiceError, status } from "@grpc/grpc-js";
import { failed, RUNTIME } from "../failed.ts";

/** Java classes of what lies behind a status, where SonataFlow's users may know it. */
const CAUSES: Readonly<Record<number, readonly string[]>> = {
  [status.UNAVAILABLE]: ["java.net.ConnectException", "java.io.IOException"],
  [status.DEADLINE_EXCEEDED]: ["java.util.concurrent.TimeoutException"],
};

/** A status of gRPC that is not OK: its name is the error's code, and the message is as Java writes it, `NOT_FOUND: no such item`. */
export function rpcFailure({ code, details }: Pick<ServiceError, "code" | "details">): ActionOutcome {
  const name = status[code] ?? String(code);
  const classes = ["io.grpc.StatusRuntimeException", ...(CAUSES[code] ?? []), "java.lang.IllegalStateException"];
  return failed(name, details === "" ? name : `${name}: ${details}`, [...classes, ...RUNTIME]);
}

/** Whether an error is a status of gRPC. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;
}
