import type { Definitions } from "@antiphon/host/definitions";
import type { Log } from "@antiphon/log";
import { type Command, formatJson, type Json, topics } from "@antiphon/protocol";

/**
 * Tells each workflow's schedule which definition it goes by, now and after every change of the definitions. It is told
 * once more at every start, and by every gateway: what is told already changes nothing.
 */
export function followSchedules(
  log: Pick<Log, "publish">,
  definitions: Pick<Definitions, "all" | "current" | "onChange">,
  onError: (error: unknown) => void,
): Disposable & { readonly told: Promise<void> } {
  const known = new Map<string, string | undefined>();

  async function tell(): Promise<void> {
    const scheduled = definitions.all().filter(({ definition }) => definition.schedule !== undefined);
    for (const workflow of new Set(scheduled.map(({ definition }) => definition.id))) {
      const current = definitions.current(workflow);
      const hash = current?.definition.schedule === undefined ? undefined : current.hash;
      if (known.has(workflow) && known.get(workflow) === hash) continue;
      const instance = `schedule:${workflow}`;
      const command: Command = { type: "ScheduleWorkflow", instance, workflow, ...(hash && { definition: hash }) };
      await log.publish([{ topic: topics.commands, key: instance, value: formatJson(command as unknown as Json) }]);
      known.set(workflow, hash);
    }
  }

  // One after the other, so that an older definition is never told after a newer one.
  let telling = Promise.resolve();
  const next = (): Promise<void> => {
    telling = telling.then(tell).catch(onError);
    return telling;
  };
  const forget = definitions.onChange(() => void next());
  return { told: next(), [Symbol.dispose]: forget };
}
