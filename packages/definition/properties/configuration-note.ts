/** Something in a configuration that does not do what whoever wrote it may expect. */
export interface ConfigurationNote {
  readonly file: string;
  readonly line: number;
  readonly key: string;
  /** A sentence without its full stop. */
  readonly message: string;
}
