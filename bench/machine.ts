import { cpus } from "node:os";

/** What a run was measured on, in one line. */
export function machine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model ?? "CPU"}, Node ${process.versions.node}, ${process.platform}`;
}
