/** A property as it is written in a file, before profiles and `${…}`. Lines count from 1. */
export interface Written {
  /** With its profile in front, if it is for one: `%dev.quarkus.http.port`. */
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}
