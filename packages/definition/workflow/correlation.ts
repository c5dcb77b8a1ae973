import { checkExpression } from "../check-expression.ts";
import type { Members } from "../document/members.ts";
import { describe, memberOf, type Node, quote, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { CorrelationAttribute } from "../model.ts";

/**
 * Reads the correlation attributes of an event. For services that cannot set an extension attribute, the event's metadata
 * may say where in the event the value stands: `correlation: { orderid: "${ .data.order.id }" }`.
 */
export function readCorrelation(members: Members): readonly CorrelationAttribute[] {
  const attributes = members.objects("correlation", "a correlation attribute", readAttribute);
  const expressions = readExpressions(members, new Set(attributes.map(({ name }) => name)));
  return attributes.map((attribute) => ({ ...attribute, ...present({ from: expressions.get(attribute.name) }) }));
}

function readAttribute(members: Members): CorrelationAttribute {
  const value = members.optionalText("contextAttributeValue", "a value or an expression");
  // Attributes of CloudEvents are in lower case, however a document spells them.
  const name = members.text("contextAttributeName", "the name of an attribute").toLowerCase();
  return { name, ...present({ value }) };
}

/** Expressions over the event, by the attribute that each gives the value of. */
function readExpressions(members: Members, names: ReadonlySet<string>): ReadonlyMap<string, string> {
  const node = memberOf(members.get("metadata"), "correlation");
  const found = new Map<string, string>();
  if (node !== undefined && node.kind !== "object") {
    members.report(node, "an object of expressions by attribute", describe(node));
  }
  for (const [written, member] of node?.kind === "object" ? node.members : []) {
    const name = written.toLowerCase();
    const problem = problemWith(member, members);
    if (!names.has(name)) {
      members.report(member, "the name of a correlation attribute", quote(written), { name, among: names });
    } else if (problem !== undefined) members.report(member, "an expression over the event", problem);
    else found.set(name, textOf(member) ?? "");
  }
  return found;
}

/** It sees the event and nothing else: no instance is known yet. */
function problemWith(member: Node, { reading }: Members): string | undefined {
  const text = member.kind === "scalar" && typeof member.value === "string" ? member.value : undefined;
  if (text === undefined) return describe(member);
  const problem = checkExpression(text, reading.language, true, []);
  return problem && `${quote(text)}: ${problem}`;
}
