import type { ActiveInstance } from "./instance.ts";

/**
 * What an instance tells others about itself besides its ids, by the names of extension attributes: its parent and the
 * root of its family, the instance that started it, its business key, and its correlation values, so that who answers can
 * send them back.
 */
export function callerOf(instance: ActiveInstance): Readonly<Record<string, string>> {
  const { parent, referenceId, businessKey, correlation } = instance;
  return {
    ...(parent !== undefined && {
      kogitoparentprociid: parent.instance,
      kogitorootprociid: parent.root.instance,
      kogitorootprocid: parent.root.workflow,
    }),
    ...(referenceId !== undefined && { kogitoprocrefid: referenceId }),
    ...(businessKey !== undefined && { kogitobusinesskey: businessKey }),
    ...correlation,
  };
}
