/** What an adapter says to an operator. pino's loggers are of this shape. */
export interface StoreLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}
