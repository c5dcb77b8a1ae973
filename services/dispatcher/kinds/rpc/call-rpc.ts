import type { RpcMethod } from "@antiphon/definition";
import type { ActionOutcome, Json } from "@antiphon/protocol";
import { type Client, type ClientReadableStream, type ClientWritableStream, Metadata } from "@grpc/grpc-js";
import { ActionError } from "../../perform/action-error.ts";
import { RESPONSE_BYTES_MAX } from "../../perform/send-request.ts";
import type { MessageCodec } from "./messages.ts";
import { isServiceError, rpcFailure } from "./rpc-error.ts";

/** How many messages a stream may bring. */
const MESSAGES_MAX = 100_000;

/** A call of a gRPC method, ready to be made. */
export interface RpcCall {
  readonly client: Client;
  readonly method: RpcMethod;
  readonly codec: MessageCodec;
  /** A message; for a method that takes a stream, an array of them. */
  readonly args: Json;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Calls a method. The result is the message that it answers with, or an array of them where it answers with a stream.
 * Throws `ActionError`, or the signal's reason if that aborts.
 */
export async function callRpc(call: RpcCall, signal: AbortSignal): Promise<ActionOutcome> {
  const { method, codec, args } = call;
  const messages = messagesIn(method, args).map((message) => codec.write(message));
  signal.throwIfAborted();
  try {
    const answers = await (method.responseStream
      ? callForMany(call, messages, signal)
      : callForOne(call, messages, signal));
    const output = answers.map((answer) => codec.read(answer));
    return { status: "completed", output: method.responseStream ? output : (output[0] ?? null) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (isServiceError(error)) return rpcFailure(error);
    throw error;
  }
}

function messagesIn({ service, method, requestStream }: RpcMethod, args: Json): readonly Json[] {
  if (!requestStream) return [args];
  if (Array.isArray(args)) return args;
  throw new ActionError(
    "400",
    `${service}/${method} takes a stream: expected an array of messages, found another value`,
  );
}

async function callForOne(call: RpcCall, messages: readonly Buffer[], signal: AbortSignal): Promise<readonly Buffer[]> {
  const { client, method } = call;
  const how = [pathOf(method), asIs, asIs] as const;
  const { promise, resolve, reject } = Promise.withResolvers<readonly Buffer[]>();
  const settle = (error: Error | null, answer?: Buffer): void => {
    if (error === null) resolve(answer === undefined ? [] : [answer]);
    else reject(error);
  };
  if (method.requestStream) {
    const stream = client.makeClientStreamRequest(...how, metadataOf(call), settle);
    using _ = cancelling(stream, signal);
    send(stream, messages);
    return await promise;
  }
  using _ = cancelling(
    client.makeUnaryRequest(...how, messages[0] ?? Buffer.alloc(0), metadataOf(call), settle),
    signal,
  );
  return await promise;
}

async function callForMany(
  call: RpcCall,
  messages: readonly Buffer[],
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
  const { client, method } = call;
  const how = [pathOf(method), asIs, asIs] as const;
  if (!method.requestStream) {
    const stream = client.makeServerStreamRequest(...how, messages[0] ?? Buffer.alloc(0), metadataOf(call));
    using _ = cancelling(stream, signal);
    return await readAll(stream, method);
  }
  const stream = client.makeBidiStreamRequest(...how, metadataOf(call));
  using _ = cancelling(stream, signal);
  send(stream, messages);
  return await readAll(stream, method);
}

function send(stream: Pick<ClientWritableStream<Buffer>, "write" | "end">, messages: readonly Buffer[]): void {
  for (const message of messages) stream.write(message);
  stream.end();
}

/** Reads a stream to its end, within the limits of a response. */
async function readAll(stream: ClientReadableStream<Buffer>, method: RpcMethod): Promise<readonly Buffer[]> {
  const messages: Buffer[] = [];
  let length = 0;
  for await (const message of stream as AsyncIterable<Buffer>) {
    messages.push(message);
    length += message.length;
    if (length > RESPONSE_BYTES_MAX || messages.length > MESSAGES_MAX) {
      stream.cancel();
      const expected = `at most ${RESPONSE_BYTES_MAX} bytes in ${MESSAGES_MAX} messages`;
      throw new ActionError("too-large", `${pathOf(method)}: expected a response of ${expected}, found more`);
    }
  }
  return messages;
}

/** Cancels a call when the signal aborts, until it is disposed of. */
function cancelling(call: { cancel(): void }, signal: AbortSignal): Disposable {
  const cancel = (): void => call.cancel();
  signal.addEventListener("abort", cancel);
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", cancel) };
}

function metadataOf({ headers }: RpcCall): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

function pathOf({ service, method }: RpcMethod): string {
  return `/${service}/${method}`;
}

function asIs(message: Buffer): Buffer {
  return message;
}
