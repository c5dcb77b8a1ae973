import type { ActiveInstance } from "./instance.ts";

/**
 * What an instance tells others about itself besides its ids, by the names of extension attributes: its business key,
 * the instance that started it, and its correlation values, so that who answers can send them back.
 */
export function callerOf({ referenceId, businessKey, correlation }: ActiveInstance): Readonly<Record<string, string>> {
  return {
    ...(referenceId !== undefined && { kogitoprocrefid: referenceId }),
    ...(businessKey !== undefined && { kogitobusinesskey: businessKey }),
    ...correlation,
  };
}
