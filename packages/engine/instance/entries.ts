/** Things by their ids. */
export type Entries<T> = Readonly<Record<string, T>>;

/** Those that are meant; the same object if that is all of them. */
export function only<T>(entries: Entries<T>, keep: (id: string, entry: T) => boolean): Entries<T> {
  const ids = Object.keys(entries);
  if (ids.every((id) => keep(id, entries[id] as T))) return entries;
  return Object.fromEntries(Object.entries(entries).filter(([id, entry]) => keep(id, entry)));
}

/** All but one. */
export function without<T>(entries: Entries<T>, gone: string): Entries<T> {
  return only(entries, (id) => id !== gone);
}
