import { memberOf, type Node, type ObjectNode, quote, textOf } from "../document/node.ts";
import type { Problems } from "../document/problems.ts";

/** Members whose content is the author's own. */
const CONTENT = new Set([
  ...["arguments", "constants", "contextAttributes", "data", "dataInputSchema", "extensions", "metadata", "properties"],
]);

/** Members that SonataFlow read and ignored wherever they stand. */
const IGNORED = new Set([
  ...["actionExecTimeout", "batchSize", "branchExecTimeout", "contextAttributeValue", "continueAs", "interrupt"],
  ...["nonRetryableErrors", "onParentComplete", "resultEventTimeout", "retryRef", "retryableErrors", "runBefore"],
  ...["schedule", "selectionSet", "stateExecTimeout"],
]);

/** Members that do nothing new unless they have this value. */
const VALUES: Readonly<Record<string, string>> = { autoRetries: "true", invoke: "async", actionMode: "parallel" };

/**
 * Notes what SonataFlow ignored in a document and what acts here, so that whoever moves sees it before it does. Parts in
 * files of their own are not looked through.
 */
export function noteNewToSonataFlow(document: Node | undefined, notes: Problems): void {
  visit(document, "", undefined);

  function visit(node: Node | undefined, name: string, awaited: string | undefined): void {
    if (node?.kind === "array") for (const item of node.items) visit(item, name, awaited);
    if (node?.kind !== "object") return;
    // Events and functions have a type as well.
    const type = name === "states" ? textOf(memberOf(node, "type")) : undefined;
    if (type === "foreach" && textOf(memberOf(node, "mode")) === undefined) {
      note(node, "a foreach without a mode, whose iterations run at the same time here");
    }
    const own = type === "callback" ? textOf(memberOf(node, "eventRef")) : awaited;
    for (const [member, child] of node.members) {
      if (CONTENT.has(member)) continue;
      if (isNew(member, child, node, { within: name, type, awaited: own })) {
        note(child, `${quote(member)}, which acts here`);
      }
      visit(child, member, own);
    }
  }

  function note(place: Node, found: string): void {
    notes.report(place, "nothing that SonataFlow ignored", found);
  }
}

interface Around {
  /** The name of the member that has it. */
  readonly within: string;
  readonly type: string | undefined;
  /** The event that the callback state around it waits for. */
  readonly awaited: string | undefined;
}

function isNew(member: string, child: Node, parent: ObjectNode, { within, type, awaited }: Around): boolean {
  const value = textOf(child);
  if (member === "resultEventRef") return value !== textOf(memberOf(parent, "triggerEventRef")) && value !== awaited;
  if (member === "version") return within === "subFlowRef";
  if (member === "mode") return type === "foreach" && value === "parallel";
  return IGNORED.has(member) || (Object.hasOwn(VALUES, member) && VALUES[member] === value);
}
