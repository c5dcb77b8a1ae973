import type { OpenApiAnswer, OpenApiOperation } from "@antiphon/definition";
import type { ActionOutcome } from "@antiphon/protocol";
import { toTypes } from "./to-types.ts";

/** An operation's outcome with the output of a successful answer in the types that its document gives it. */
export function typedAnswer(
  { answers = [] }: OpenApiOperation,
  outcome: ActionOutcome,
): { readonly outcome: ActionOutcome; readonly misfits: readonly string[] } {
  const asItIs = { outcome, misfits: [] };
  if (outcome.status !== "completed" || outcome.output === undefined || outcome.http === undefined) return asItIs;
  const { status, headers } = outcome.http;
  if (status < 200 || status > 299) return asItIs;
  const contentType = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const answer = answerOf(answers, String(status), mediaTypeOf(contentType ?? ""));
  if (answer === undefined) return asItIs;
  const { value, misfits } = toTypes(answer.types, outcome.output);
  return { outcome: value === outcome.output ? outcome : { ...outcome, output: value }, misfits };
}

/** By the status, else by its class, else the default one; then by the media type, else by a range that has it. */
function answerOf(answers: readonly OpenApiAnswer[], status: string, mediaType: string): OpenApiAnswer | undefined {
  for (const wanted of [status, "2XX", "DEFAULT"]) {
    const ofStatus = answers.filter((answer) => answer.status.toUpperCase() === wanted);
    if (ofStatus.length === 0) continue;
    // An answer that does not say what it is.
    if (mediaType === "") return ofStatus[0];
    return (
      ofStatus.find((answer) => mediaTypeOf(answer.mediaType) === mediaType) ??
      ofStatus.find((answer) => isInRange(mediaType, mediaTypeOf(answer.mediaType)))
    );
  }
  return undefined;
}

function mediaTypeOf(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

function isInRange(mediaType: string, range: string): boolean {
  return range === "*/*" || (range.endsWith("/*") && mediaType.startsWith(range.slice(0, -1)));
}
