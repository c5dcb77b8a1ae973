import type { Copies, Entries } from "./entries.ts";
import type { ActiveInstance, FaultedInstance } from "./instance.ts";

/** Members that an instance has only while there is something in them: most instances never do, and are written without. */
type Sparse = "attempts" | "forks" | "branches" | "detached" | "undo";

/** An instance with other contents of one of its sparse members; without the member if they are empty. */
export function withSparse<Held extends ActiveInstance | FaultedInstance, Name extends Sparse>(
  instance: Held,
  name: Name,
  contents: NonNullable<ActiveInstance[Name]>,
  copies: Copies,
): Held {
  const isEmpty = Array.isArray(contents) ? contents.length === 0 : copies.isEmpty(contents as Entries<unknown>);
  if (!isEmpty) return { ...instance, [name]: contents };
  if (instance[name] === undefined) return instance;
  const { [name]: _, ...rest } = instance;
  // A sparse member is optional, so what is left is an instance still.
  return rest as unknown as Held;
}

/** An instance whose records of what goes by ids of places have been changed, each in the same way. */
export function withIds(
  instance: ActiveInstance,
  change: <T>(entries: Entries<T>) => Entries<T>,
  copies: Copies,
): ActiveInstance {
  const { actions, attempts, waits, timers, forks } = instance;
  const kept = { ...instance, actions: change(actions), waits: change(waits), timers: change(timers) };
  const attempted = attempts === undefined ? kept : withSparse(kept, "attempts", change(attempts), copies);
  return forks === undefined ? attempted : withSparse(attempted, "forks", change(forks), copies);
}
