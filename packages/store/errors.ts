/** The store could not be reached within the adapter's limit. A commit that ended so may or may not have taken effect. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}
