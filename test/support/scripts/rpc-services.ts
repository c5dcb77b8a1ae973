import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Server, ServerCredentials, type ServerDuplexStream, type UntypedHandleCall } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import type { Question } from "./open-exchanges.ts";
import type { ServiceAnswer } from "./script.ts";

/** What a gRPC service answers: a message, an array of them if it answers with a stream, or an error. */
export type RpcAnswer = Pick<ServiceAnswer, "body" | "error"> | "never";

type Answer = (asked: string, body: unknown, headers: Question["headers"]) => Promise<RpcAnswer>;

/** The gRPC services that the `.proto` files of a folder describe. */
export class RpcServices {
  readonly #server = new Server();
  #port = 0;

  constructor(folder: string, answer: Answer) {
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".proto")) continue;
      const { root } = protobuf.parse(readFileSync(join(folder, path), "utf8"), { keepCase: false });
      root.resolveAll();
      for (const service of servicesIn(root)) this.#add(service, answer);
    }
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const credentials = ServerCredentials.createInsecure();
    this.#server.bindAsync("127.0.0.1:0", credentials, (error, port) => (error ? reject(error) : resolve(port)));
    this.#port = await promise;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #add(service: protobuf.Service, answer: Answer): void {
    const name = service.fullName.replace(/^\./, "");
    const methods = service.methodsArray.map(
      ({ name: method, requestStream = false, responseStream = false, ...types }) => {
        const { resolvedRequestType: request, resolvedResponseType: response } = types;
        if (!request || !response) throw new Error(`${name}/${method}: expected its messages to be known`);
        const definition = {
          path: `/${name}/${method}`,
          requestStream,
          responseStream,
          requestSerialize: (value: Buffer) => value,
          requestDeserialize: (bytes: Buffer) =>
            request.toObject(request.decode(bytes), { longs: String, enums: String }),
          responseSerialize: (value: object) => Buffer.from(response.encode(response.fromObject(value)).finish()),
          responseDeserialize: (bytes: Buffer) => bytes,
        };
        const handle = handlerOf(requestStream, responseStream, (body, headers) =>
          answer(`rpc ${name}/${method}`, body, headers),
        );
        return [method, definition, handle] as const;
      },
    );
    this.#server.addService(
      Object.fromEntries(methods.map(([method, definition]) => [method, definition])),
      Object.fromEntries(methods.map(([method, , handle]) => [method, handle])),
    );
  }
}

function servicesIn(namespace: protobuf.NamespaceBase): readonly protobuf.Service[] {
  return namespace.nestedArray.flatMap((one) => {
    if (one instanceof protobuf.Service) return [one];
    return one instanceof protobuf.Namespace ? servicesIn(one) : [];
  });
}

/** A handler of any kind of method, as if all were streams. */
function handlerOf(
  requestStream: boolean,
  responseStream: boolean,
  answer: (body: unknown, headers: Question["headers"]) => Promise<RpcAnswer>,
): UntypedHandleCall {
  return async (
    call: ServerDuplexStream<object, object> & { readonly request?: object },
    callback?: (error: object | null, value?: object) => void,
  ) => {
    const headers = Object.fromEntries(
      Object.entries(call.metadata.getMap()).map(([name, value]) => [name, String(value)]),
    );
    const body = requestStream ? await Array.fromAsync(call as AsyncIterable<object>) : call.request;
    const answered = await answer(JSON.parse(JSON.stringify(body)), headers);
    if (answered === "never") return;
    const error = answered.error && { code: answered.error.code, details: answered.error.message };
    if (!responseStream) {
      callback?.(error ?? null, error === undefined ? (answered.body as object) : undefined);
    } else if (error !== undefined) {
      call.destroy(Object.assign(new Error(error.details), error));
    } else {
      for (const message of answered.body as readonly object[]) call.write(message);
      call.end();
    }
  };
}
