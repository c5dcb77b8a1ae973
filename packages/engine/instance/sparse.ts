import { type Entries, only } from "./entries.ts";
import type { ActiveInstance } from "./instance.ts";

/** Members that an instance has only while there is something in them: most instances never do, and are written without. */
type Sparse = "attempts" | "forks" | "branches" | "detached" | "undo";

/** An instance with other contents of one of its sparse members; without the member if they are empty. */
export function withSparse<Name extends Sparse>(
  instance: ActiveInstance,
  name: Name,
  contents: NonNullable<ActiveInstance[Name]>,
): ActiveInstance {
  if (Object.keys(contents).length > 0) return { ...instance, [name]: contents };
  if (instance[name] === undefined) return instance;
  const { [name]: _, ...rest } = instance;
  // A sparse member is optional, so what is left is an instance still.
  return rest as unknown as ActiveInstance;
}

/** An instance with those things only that are meant, in everything that goes by ids of places. */
export function withIds(instance: ActiveInstance, isMeant: (id: string) => boolean): ActiveInstance {
  const meant = <T>(entries: Entries<T> = {}) => only(entries, isMeant);
  const { actions, attempts, waits, timers, forks } = instance;
  const kept = { ...instance, actions: meant(actions), waits: meant(waits), timers: meant(timers) };
  const attempted = attempts === undefined ? kept : withSparse(kept, "attempts", meant(attempts));
  return forks === undefined ? attempted : withSparse(attempted, "forks", meant(forks));
}
