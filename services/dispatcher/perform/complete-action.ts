import { BATCH_BYTES_MAX, type Message, recordBytes } from "@antiphon/log";
import { type ActionOutcome, type Command, formatJson, type Json, topics } from "@antiphon/protocol";
import { ActionError } from "./action-error.ts";
import type { OpenRequest } from "./open-requests.ts";

/** The command that tells an instance what came of its action. An outcome that no record can hold is a failure. */
export function completeAction(request: OpenRequest, outcome: ActionOutcome): Message {
  const message = messageOf(request, outcome);
  const sizeBytes = recordBytes(message);
  if (sizeBytes <= BATCH_BYTES_MAX) return message;
  const reason = `the action's result has ${sizeBytes} bytes, expected at most ${BATCH_BYTES_MAX}`;
  return messageOf(request, { status: "failed", error: new ActionError("too-large", reason).error });
}

function messageOf({ instance, requested: { action, attempt } }: OpenRequest, outcome: ActionOutcome): Message {
  const command: Command = {
    type: "CompleteAction",
    instance,
    action,
    ...(attempt !== undefined && { attempt }),
    outcome,
  };
  return { topic: topics.commands, key: instance, value: formatJson(command as unknown as Json) };
}
