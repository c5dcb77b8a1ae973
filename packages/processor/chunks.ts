import { BATCH_BYTES_MAX } from "@antiphon/log";
import type { Decided } from "./decide-batch.ts";

/** Cuts a batch where it would be larger than the log takes. */
export function* chunks<State, Event, Input>(
  decided: readonly Decided<State, Event, Input>[],
): Generator<readonly Decided<State, Event, Input>[]> {
  let chunk: Decided<State, Event, Input>[] = [];
  let sizeBytes = 0;
  for (const one of decided) {
    if (chunk.length > 0 && sizeBytes + one.sizeBytes > BATCH_BYTES_MAX) {
      yield chunk;
      chunk = [];
      sizeBytes = 0;
    }
    chunk.push(one);
    sizeBytes += one.sizeBytes;
  }
  if (chunk.length > 0) yield chunk;
}
