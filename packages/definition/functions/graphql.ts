import { parse } from "graphql/language";
import type { Members } from "../document/members.ts";
import { oneOf, quote } from "../document/node.ts";
import type { FunctionDefinition } from "../model.ts";
import { refuse, type Written } from "./base.ts";

const OPERATIONS = ["query", "mutation"] as const;
const EXPECTED = 'a URL, "query" or "mutation", and a field: "https://example.com/graphql#query#pet"';

const EXPECTED_SELECTION = 'a selection set of GraphQL, "{ name owner { id } }"';

/** How long a selection may be, in tokens: a longer one is an attack, or a mistake. */
const TOKENS_MAX = 10_000;

/** Reads `<url>#<query|mutation>#<field>`. */
export function readGraphQl(written: Written): FunctionDefinition {
  const [url = "", kind = "", field = "", ...more] = written.operation.split("#");
  if (!/^https?:\/\/[^\s/]/i.test(url) || field === "" || more.length > 0) {
    return refuse(written, EXPECTED, quote(written.operation));
  }
  const operation = OPERATIONS.find((one) => one === kind);
  if (operation === undefined)
    return refuse(written, oneOf(OPERATIONS), quote(kind), { name: kind, among: OPERATIONS });
  if (/^[A-Za-z_]\w*$/.test(field)) return { kind: "graphql", ...written.base, url, operation, field };
  return refuse(written, "the name of a field of GraphQL", quote(field));
}

/** Reads what is wanted of a field: a selection set. */
export function readSelectionSet(members: Members): string | undefined {
  const text = members.optionalText("selectionSet", EXPECTED_SELECTION);
  const problem = text === undefined ? undefined : selectionSetProblem(text);
  if (text !== undefined && problem !== undefined) {
    members.report(members.get("selectionSet") ?? members.place, EXPECTED_SELECTION, `${quote(text)}: ${problem}`);
  }
  return text;
}

/** Why a text is no selection set of GraphQL (`{ name owner { id } }`), in the parser's words; undefined: it is one. */
export function selectionSetProblem(text: string): string | undefined {
  if (!/^\s*\{/.test(text)) return 'it begins with no "{"';
  try {
    const { definitions } = parse(text, { noLocation: true, maxTokens: TOKENS_MAX });
    return definitions.length === 1 ? undefined : "it is more than one";
  } catch (error) {
    return (error as Error).message;
  }
}
