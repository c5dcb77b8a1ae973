/** A member of a group and the names of the places that it can work on. */
export interface Candidate {
  readonly id: string;
  readonly places: ReadonlySet<string>;
}

/**
 * Shares out places among members: evenly, and with as few changes of owner as that allows.
 * `owners` holds every place with the id of its present owner, if it has one. Places that nobody can work on are left out.
 */
export function assignSticky(
  owners: ReadonlyMap<string, string | undefined>,
  members: readonly Candidate[],
): Map<string, string> {
  const loads = new Map(members.map(({ id }) => [id, 0]));
  const eligible = new Map([...owners.keys()].map((place) => [place, members.filter((m) => m.places.has(place))]));
  const assigned = new Map<string, string>();

  const give = (place: string, id: string): void => {
    const before = assigned.get(place);
    if (before !== undefined) loads.set(before, loadOf(before) - 1);
    assigned.set(place, id);
    loads.set(id, loadOf(id) + 1);
  };
  const loadOf = (id: string): number => loads.get(id) ?? 0;
  const idlest = (place: string): string | undefined =>
    eligible.get(place)?.reduce<string | undefined>((best, { id }) => {
      return best === undefined || loadOf(id) < loadOf(best) ? id : best;
    }, undefined);

  for (const [place, owner] of owners) {
    if (owner !== undefined && eligible.get(place)?.some(({ id }) => id === owner)) give(place, owner);
  }
  for (const place of owners.keys()) {
    const id = assigned.has(place) ? undefined : idlest(place);
    if (id !== undefined) give(place, id);
  }
  // Each move lowers the sum of the squares of all loads, so this ends.
  for (let moved = true; moved; ) {
    moved = false;
    for (const [place, owner] of assigned) {
      const id = idlest(place);
      if (id === undefined || loadOf(owner) - loadOf(id) < 2) continue;
      give(place, id);
      moved = true;
    }
  }
  return assigned;
}
