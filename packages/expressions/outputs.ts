import { isExactNumber, type Json } from "@antiphon/protocol";

/** A program's outputs as one value: null if there are none, an array if there are many. */
export function outputsToJson(outputs: readonly Json[]): Json {
  const [only] = outputs;
  return outputs.length === 1 && only !== undefined ? only : outputs.length === 0 ? null : outputs;
}

/** A program's outputs as a text: joined with spaces, null being nothing, objects and arrays as JSON. */
export function outputsToText(outputs: readonly Json[]): string {
  // No space before the first that is not empty: so SonataFlow joins them.
  return outputs.reduce<string>((text, output) => (text === "" ? "" : `${text} `) + textOf(output), "");
}

/** A program's outputs as a list: arrays among them add their items. */
export function outputsToList(outputs: readonly Json[]): readonly Json[] {
  return outputs.flat();
}

function textOf(output: Json): string {
  if (output === null) return "";
  if (typeof output === "string") return output;
  return isExactNumber(output) ? output.rawJSON : JSON.stringify(output);
}
