import { isExactNumber, type Json } from "@antiphon/protocol";

/** A program's outputs as one value: null if there are none, an array if there are many. */
export function outputsToJson(outputs: readonly Json[]): Json {
  const [only] = outputs;
  return outputs.length === 1 && only !== undefined ? only : outputs.length === 0 ? null : outputs;
}

/**
 * A program's outputs as a text: joined with spaces. Null, and an array or an object with nothing in it, are nothing, as
 * they are to SonataFlow; other arrays and objects, of which it keeps nothing either, are JSON.
 */
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
  if (isExactNumber(output)) return output.rawJSON;
  return typeof output === "object" && Object.keys(output).length === 0 ? "" : JSON.stringify(output);
}
