/** A call was not answered in the time it had. It may still take effect. */
export class LateError extends Error {
  override readonly name = "LateError";
}

/** Settles as `promise` does, or rejects with a `LateError` after `limitMs`. */
export function within<Result>(promise: Promise<Result>, limitMs: number): Promise<Result> {
  const { promise: settled, resolve, reject } = Promise.withResolvers<Result>();
  const timer = setTimeout(() => reject(new LateError(`no answer within ${Math.round(limitMs)} ms`)), limitMs);
  promise.then(resolve, reject).finally(() => clearTimeout(timer));
  return settled;
}
