import type { Range, Space } from "@antiphon/store";

/** The two keys that hold a space. They share a hash tag, so that a cluster keeps them in one slot. */
export interface SpaceKeys {
  /** A hash: the position under `position`, each value under `=` and its key. */
  readonly hash: string;
  /** A sorted set without scores that holds all lists of the space, each entry behind its list's name. */
  readonly lists: string;
}

export const POSITION_FIELD = "position";

/** `antiphon:{antiphon.history/3}:hash`. A brace in the space would end the hash tag, so it is written `%7B`, `%7D`. */
export function spaceKeys(prefix: string, space: Space): SpaceKeys {
  const tag = space.replace(/[{}%]/g, (sign) => encodeURIComponent(sign));
  return { hash: `${prefix}:{${tag}}:hash`, lists: `${prefix}:{${tag}}:lists` };
}

export function valueField(key: string): string {
  return `=${key}`;
}

/** With its length in front no list's name is the beginning of another's. */
export function listPrefix(index: string): string {
  return `${index.length}:${index}`;
}

/** The least and the greatest member that a range admits, as ZRANGE's BYLEX wants them. */
export function bounds(index: string, { after, before }: Range): { low: string; high: string | Buffer } {
  const prefix = listPrefix(index);
  return {
    low: after === undefined ? `[${prefix}` : `(${prefix}${after}`,
    high: before === undefined ? Buffer.concat([Buffer.from(`(${prefix}`), PAST_ALL_TEXT]) : `(${prefix}${before}`,
  };
}

/** No byte of UTF-8 is 0xFF, so every text sorts before it. */
const PAST_ALL_TEXT = Buffer.of(0xff);
