/** What one run measured. */
export interface LoadResult {
  readonly inFlight: number;
  readonly instances: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How an instance is started, and how its end is learnt. */
export interface Loop {
  /** Starts an instance; resolves with its id. */
  start(n: number): Promise<string>;
  /** Calls back for every instance that has ended. */
  onEnd(ended: (instance: string) => void): void;
}

/** How long an instance may take before the run counts as broken. */
const END_TIMEOUT_MS = 60_000;

/** Keeps `inFlight` instances going from start to end until `durationMs` is over, and waits for the last ones. */
export async function runLoad(loop: Loop, inFlight: number, durationMs: number): Promise<LoadResult> {
  const ends = new Map<string, (atMs: number) => void>();
  const early = new Map<string, number>();
  loop.onEnd((instance) => {
    const atMs = performance.now();
    const resolve = ends.get(instance);
    if (resolve === undefined) early.set(instance, atMs);
    else resolve(atMs);
  });
  const tookMs: number[] = [];
  const beganMs = performance.now();
  let n = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - beganMs < durationMs) {
      const startMs = performance.now();
      const instance = await loop.start(n++);
      const endMs =
        early.get(instance) ??
        (await new Promise<number>((resolve, reject) => {
          const late = setTimeout(() => reject(new Error(`instance ${instance} did not end`)), END_TIMEOUT_MS);
          ends.set(instance, (atMs) => {
            clearTimeout(late);
            resolve(atMs);
          });
        }));
      ends.delete(instance);
      early.delete(instance);
      tookMs.push(endMs - startMs);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - beganMs) / 1_000;
  tookMs.sort((a, b) => a - b);
  const at = (quantile: number): number =>
    tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * quantile))] ?? 0;
  return { inFlight, instances: tookMs.length, perSecond: tookMs.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}
