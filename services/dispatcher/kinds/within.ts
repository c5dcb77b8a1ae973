import type { Clock } from "@antiphon/processor";

/**
 * Does something within a time. `act` is given a signal that aborts when time is up (with `late` as its reason) or
 * when the outer signal does; what it returns comes back, whatever the signal says.
 */
export async function within<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
  late: Error,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const broken = new AbortController();
  const done = new AbortController();
  const breakOff = (): void => broken.abort(signal.reason);
  signal.addEventListener("abort", breakOff);
  if (signal.aborted) breakOff();
  void clock.sleep(timeoutMs, done.signal).then(() => {
    if (!done.signal.aborted) broken.abort(late);
  });
  try {
    return await act(broken.signal);
  } finally {
    done.abort();
    signal.removeEventListener("abort", breakOff);
  }
}
