import type { Branch } from "./instance.ts";

/** The branch, of those under way, that an id belongs to; undefined: to its visit itself. */
export function branchOf(branches: Readonly<Record<string, Branch>> | undefined, id: string): string | undefined {
  const branch = branches && branchNamedIn(id);
  return branch !== undefined && Object.hasOwn(branches ?? {}, branch) ? branch : undefined;
}

/** The branch in an id, `{fork}[{number}].{place}`, whether it is under way or not; undefined: it has the form of none. */
export function branchNamedIn(id: string): string | undefined {
  const end = id.indexOf("].");
  return end < 0 ? undefined : id.slice(0, end + 1);
}

/** The fork that a branch, `{fork}[{number}]`, belongs to, and its number. */
export function forkOf(branch: string): { readonly fork: string; readonly index: number } {
  const open = branch.lastIndexOf("[");
  return { fork: branch.slice(0, open), index: Number(branch.slice(open + 1, -1)) };
}

/** The visit that an id, `{visit}.{place}`, belongs to. */
export function visitOf(id: string): number {
  return Number.parseInt(id, 10);
}
