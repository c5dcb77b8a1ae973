import { quote } from "../document/node.ts";
import type { FunctionDefinition } from "../model.ts";
import { refuse, unread, type Written } from "./base.ts";
import { fullNameOf, readProto } from "./proto.ts";

/** Reads `file.proto#Service#Method`; the service with or without its package. */
export function readRpc(written: Written): FunctionDefinition {
  const { base, members, operation: text, node } = written;
  const [file = "", serviceName = "", methodName = "", ...more] = text.split("#");
  if (file === "" || serviceName === "" || methodName === "" || more.length > 0) {
    return refuse(written, 'a .proto file, a service and a method, "prices.proto#Prices#quote"', quote(text));
  }
  const proto = readProto(file, node, members.reading);
  if (proto === undefined) return unread(written);
  const service = proto.services.get(serviceName);
  if (service === undefined) {
    const among = proto.services.keys();
    return refuse(written, `a service of ${file}`, quote(serviceName), { name: serviceName, among });
  }
  const method = Object.hasOwn(service.methods, methodName) ? service.methods[methodName] : undefined;
  // They are resolved with the root.
  const { resolvedRequestType: request, resolvedResponseType: response } = method ?? {};
  if (!method || !request || !response) {
    const among = Object.keys(service.methods);
    return refuse(written, `a method of ${serviceName}`, quote(methodName), { name: methodName, among });
  }
  return {
    kind: "rpc",
    ...base,
    service: fullNameOf(service),
    method: method.name,
    request: fullNameOf(request),
    response: fullNameOf(response),
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
    protocol: proto.protocol,
  };
}
