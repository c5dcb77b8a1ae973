import { BATCH_BYTES_MAX, type Message, recordBytes } from "@antiphon/log";
import {
  type ActionOutcome,
  type Command,
  checkData,
  formatJson,
  type Json,
  topics,
  UnfitDataError,
} from "@antiphon/protocol";
import { ActionError } from "./action-error.ts";
import type { OpenRequest } from "./open-requests.ts";

/** The command that tells an instance what came of its action. An outcome that no instance can take is a failure. */
export function completeAction(request: OpenRequest, outcome: ActionOutcome): Message {
  const unfit = whyUnfit(outcome);
  if (unfit !== undefined) return failed(request, new ActionError("response", `the action's result, ${unfit}`));
  const message = messageOf(request, outcome);
  const sizeBytes = recordBytes(message);
  if (sizeBytes <= BATCH_BYTES_MAX) return message;
  const reason = `the action's result has ${sizeBytes} bytes, expected at most ${BATCH_BYTES_MAX}`;
  return failed(request, new ActionError("too-large", reason));
}

/** Why the output of an action is no data that is taken in, in words; undefined: it is. */
function whyUnfit(outcome: ActionOutcome): string | undefined {
  if (outcome.status === "failed" || outcome.output === undefined) return undefined;
  try {
    checkData(outcome.output);
    return undefined;
  } catch (error) {
    if (error instanceof UnfitDataError) return error.message;
    throw error;
  }
}

function failed(request: OpenRequest, { error }: ActionError): Message {
  return messageOf(request, { status: "failed", error });
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
