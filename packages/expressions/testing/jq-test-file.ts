/** A case of jq's own test files: a program, its input, and its outputs; null if it must not compile. */
export interface JqCase {
  /** The line on which the program stands. */
  readonly line: number;
  readonly program: string;
  readonly input: string;
  readonly outputs: readonly string[] | null;
}

/**
 * Reads a test file of jq: groups of lines with blank lines between. A group is a program, an input and the outputs, or
 * `%%FAIL`, a program and the message that jq refuses it with. Lines that begin with `#` do not count.
 */
export function readJqTests(text: string): readonly JqCase[] {
  const cases: JqCase[] = [];
  let group: { line: number; text: string }[] = [];
  for (const [i, line] of [...text.split("\n"), ""].entries()) {
    if (line.startsWith("#")) continue;
    if (line.trim() !== "") {
      group.push({ line: i + 1, text: line });
      continue;
    }
    const found = caseOf(group);
    if (found !== null) cases.push(found);
    group = [];
  }
  return cases;
}

function caseOf(group: readonly { line: number; text: string }[]): JqCase | null {
  const [first, second, ...rest] = group;
  if (first === undefined || second === undefined) return null;
  if (first.text.startsWith("%%FAIL")) return { line: second.line, program: second.text, input: "null", outputs: null };
  const input = second.text.replace(/^\ufeff/, "");
  return { line: first.line, program: first.text, input, outputs: rest.map((output) => output.text) };
}
