import type { EventProduced } from "@antiphon/protocol";

/**
 * The URL that a produced event is posted to: its channel's; else, of a type that has no channel, the deployment's sink.
 * Undefined: it goes to its topic.
 */
export function sinkOf({ sink, channel }: EventProduced, deploymentSink: string | undefined): string | undefined {
  return sink ?? (channel === undefined ? deploymentSink : undefined);
}
