export interface ErrorDefinition {
  readonly name: string;
  readonly code?: string;
}

/** How a failed action is tried again. Durations are ISO 8601. */
export interface RetryStrategy {
  readonly name: string;
  readonly delay?: string;
  readonly maxDelay?: string;
  readonly increment?: string;
  readonly multiplier?: number;
  /** Attempts after the first one; a number or an expression that yields one. */
  readonly maxAttempts: number | string;
  /** A part of the delay (0 to 1), or a duration: as much as that is added or taken away at random. */
  readonly jitter?: number | string;
}

/** Which failures of an action are tried again, and how. */
export interface Retry {
  readonly strategy: RetryStrategy;
  /** Only these; absent: all. */
  readonly retryable?: readonly ErrorDefinition[];
  readonly nonRetryable: readonly ErrorDefinition[];
}
