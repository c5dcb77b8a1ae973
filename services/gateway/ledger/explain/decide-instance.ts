import { compile, decide, type Instance } from "@antiphon/engine";
import { deriveId } from "@antiphon/host";
import type { Command, InstanceEvent } from "@antiphon/protocol";
import type { Gateway } from "../../gateway.ts";

/** What stands in facts where the machine would put a callback's URL: nobody has the token before the facts are there. */
const CALLBACK_URL = "{callback URL}";

/** What an instance would decide on a command now, as facts; nothing is written. Throws what an orchestrator would reject. */
export async function decideInstance(
  { ports, schemas }: Pick<Gateway, "ports" | "schemas">,
  instance: Instance,
  command: Command,
  nowMs: number,
): Promise<readonly InstanceEvent[]> {
  const hash = pinOf(instance, command);
  const workflow = hash === undefined ? undefined : compile((await ports.definitions.get(hash)).definition);
  return decide(workflow, instance, command, {
    nowMs,
    clock: () => performance.now(),
    callbackUrl: () => CALLBACK_URL,
    childId: (id, action) => deriveId(`${id}/${action}`),
    conforms(schema, data) {
      const problems = schemas.check(schema, data).map(({ pointer, message }) => `${pointer || "/"} ${message}`);
      return problems.length === 0 ? undefined : problems.join("; ");
    },
  });
}

function pinOf(instance: Instance, command: Command): string | undefined {
  if (instance.status === "active" || instance.status === "faulted") return instance.definition;
  return command.type === "StartInstance" && instance.status === "absent" ? command.definition : undefined;
}
