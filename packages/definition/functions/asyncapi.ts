import type { Node } from "../document/node.ts";
import { describe, memberOf, oneOf, placeOfMissing, quote, textOf } from "../document/node.ts";
import { once, type Reading } from "../document/reading.ts";
import type { AsyncApiOperation, FunctionDefinition } from "../model.ts";
import { follow, followTo } from "../openapi/reference.ts";
import { refuse, unread, type Written } from "./base.ts";

/** Operations by their ids. In AsyncAPI 3 the id is the name that the document has it under. */
type Operations = ReadonlyMap<string, Omit<AsyncApiOperation, "kind">>;

/** Reads `file#operationId`: AsyncAPI 3.0 (`send`, `receive`) or 2.x (`publish`, `subscribe`). */
export function readAsyncApi(written: Written): FunctionDefinition {
  const { base, members, operation: text, node } = written;
  const [document = "", operationId = "", ...more] = text.split("#");
  if (document === "" || operationId === "" || more.length > 0) {
    return refuse(written, 'an AsyncAPI document and an operation, "specs/orders.yaml#orderPlaced"', quote(text));
  }
  const root = members.reading.sources.open(document, node);
  const operations = root && once(operationsOf, root, members.reading);
  if (operations === undefined) return unread(written);
  const operation = operations.get(operationId);
  if (operation !== undefined) return { kind: "asyncapi", ...base, ...operation };
  const expected =
    operations.size === 0 ? `an operation, of which ${document} has none` : `an operation of ${document}`;
  return refuse(written, expected, quote(operationId), { name: operationId, among: operations.keys() });
}

function operationsOf(root: Node, reading: Reading): Operations | undefined {
  const version = memberOf(root, "asyncapi");
  const text = textOf(version) ?? "";
  if (/^2\./.test(text)) return operationsOf2(root, reading);
  if (/^3\./.test(text)) return operationsOf3(root, reading);
  const place = version ?? placeOfMissing(root, "asyncapi");
  reading.problems.report(place, "an AsyncAPI document of version 2 or 3", describe(version));
  return undefined;
}

/** In AsyncAPI 2 SonataFlow takes a `publish` for what the workflow sends, and a `subscribe` for what it waits for. */
function operationsOf2(root: Node, reading: Reading): Operations {
  const operations = new Map<string, Omit<AsyncApiOperation, "kind">>();
  const channels = followTo(root, "channels", reading);
  for (const [channel, item] of channels?.kind === "object" ? channels.members : []) {
    for (const [member, direction] of [["publish", "send"] as const, ["subscribe", "receive"] as const]) {
      const id = textOf(followTo(followTo(follow(item, reading), member, reading), "operationId", reading));
      if (id !== undefined && !operations.has(id)) operations.set(id, { direction, channel });
    }
  }
  return operations;
}

function operationsOf3(root: Node, reading: Reading): Operations {
  const operations = new Map<string, Omit<AsyncApiOperation, "kind">>();
  const all = followTo(root, "operations", reading);
  for (const [id, item] of all?.kind === "object" ? all.members : []) {
    const operation = follow(item, reading);
    const action = memberOf(operation, "action");
    const direction = (["send", "receive"] as const).find((one) => one === textOf(action));
    const channel = channelOf(operation, reading);
    if (operation !== undefined && direction === undefined) {
      reading.problems.report(
        action ?? placeOfMissing(operation, "action"),
        oneOf(["send", "receive"]),
        describe(action),
      );
    } else if (operation !== undefined && channel === undefined) {
      reading.problems.report(placeOfMissing(operation, "channel"), "a channel", "nothing");
    } else if (direction !== undefined && channel !== undefined) {
      operations.set(id, { direction, channel });
    }
  }
  return operations;
}

/** The address of a channel; one that has none is known by its name in the document. */
function channelOf(operation: Node | undefined, reading: Reading): string | undefined {
  const reference = textOf(memberOf(memberOf(operation, "channel"), "$ref"));
  const channel = followTo(operation, "channel", reading);
  if (channel === undefined) return undefined;
  const name = (reference ?? channel.pointer).split("/").at(-1) ?? "";
  return textOf(memberOf(channel, "address")) ?? name.replaceAll("~1", "/").replaceAll("~0", "~");
}
