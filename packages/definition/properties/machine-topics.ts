import { isMachineTopic } from "@antiphon/protocol";
import { quote } from "../document/node.ts";
import type { Bundle, Definition, Problem } from "../model.ts";
import { problemAt } from "../problem-at.ts";
import { readConfiguration } from "./configuration.ts";
import { topicsUsed } from "./topics-used.ts";

const EXPECTED = "a topic that is not one of Antiphon's own";

/** Problems of a definition that would read or write the machine's topics. */
export function machineTopicProblems(
  bundle: Bundle,
  definition: Definition,
  env: Readonly<Record<string, string>>,
): readonly Problem[] {
  return topicProblems(bundle, definition, env, (topic) => (isMachineTopic(topic) ? EXPECTED : undefined));
}

/**
 * Problems with the topics that a definition would read or write, `expectedOf` says what each should be: where the property
 * stands that names it, else where the event does whose type is the name, else at the beginning of the document.
 */
export function topicProblems(
  bundle: Bundle,
  definition: Definition,
  env: Readonly<Record<string, string>>,
  expectedOf: (topic: string) => string | undefined,
): readonly Problem[] {
  const used = topicsUsed(definition).flatMap(({ topic, type }) => {
    const expected = expectedOf(topic);
    return expected === undefined ? [] : [{ topic, type, expected }];
  });
  if (used.length === 0) return [];
  const { written, properties } = readConfiguration(bundle.path, new Map(Object.entries(bundle.files)), env);
  const problems = new Map<string, Problem>();
  for (const { topic, type, expected } of used) {
    const property = [...written].find(
      ([key]) => key.startsWith("mp.messaging.") && namesIn(properties[key]).includes(topic),
    );
    const [key, place] = property ?? [];
    const problem: Problem =
      place !== undefined
        ? {
            file: place.file,
            line: place.line,
            column: 1,
            pointer: "",
            expected: `${expected} as ${quote(key ?? "")}`,
            found: quote(topic),
          }
        : problemAt(bundle, pointerOf(definition, type), `${expected} for events of type ${quote(type)}`, quote(topic));
    problems.set(`${problem.file}:${problem.line}:${problem.pointer}:${topic}`, problem);
  }
  return [...problems.values()];
}

function namesIn(value = ""): readonly string[] {
  return value.split(",").map((name) => name.trim());
}

/** Where the event of a type stands, if the document has its events in it. */
function pointerOf({ events }: Definition, type: string): string {
  const index = Object.values(events).findIndex((event) => event.type === type);
  return index < 0 ? "" : `/events/${index}/type`;
}
