/**
 * Events of which nothing is known any more but that they came: a fingerprint each, in groups of which each is forgotten at
 * once. That takes 11 bytes an event, where its source and id take some hundred. The newest group stands last. Plain JSON.
 */
export type SpentEvents = readonly SpentGroup[];

export interface SpentGroup {
  /** When the last of the group may be forgotten, epoch milliseconds. */
  readonly untilMs: number;
  /** Fingerprints of `PRINT_LENGTH` characters each. */
  readonly prints: string;
}

/** How many events one group has. */
export const SPENT_GROUP_MAX = 1_000;

const PRINT_LENGTH = 11;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

type Identity = { readonly source: string; readonly id: string };

/** The events with one more, that is known at least until `untilMs`; of more than `groupsMax` groups the oldest is forgotten. */
export function withSpent(spent: SpentEvents, event: Identity, untilMs: number, groupsMax: number): SpentEvents {
  const print = printOf(event);
  const last = spent.at(-1);
  if (last !== undefined && last.prints.length < SPENT_GROUP_MAX * PRINT_LENGTH) {
    const group = { untilMs: Math.max(last.untilMs, untilMs), prints: last.prints + print };
    return [...spent.slice(0, -1), group];
  }
  return [...spent.slice(spent.length < groupsMax ? 0 : 1 - groupsMax), { untilMs, prints: print }];
}

/** Whether an event is among them. One in some 10^15 that is not may seem to be. */
export function isSpent(spent: SpentEvents, event: Identity): boolean {
  if (spent.length === 0) return false;
  const print = printOf(event);
  return spent.some(({ prints }) => placeOf(print, prints) >= 0);
}

/** The events without this one, which may come again; the same object if it is not among them. */
export function withoutSpent(spent: SpentEvents, event: Identity): SpentEvents {
  if (!isSpent(spent, event)) return spent;
  const print = printOf(event);
  return spent.flatMap((group) => {
    const at = placeOf(print, group.prints);
    if (at < 0) return [group];
    const prints = group.prints.slice(0, at) + group.prints.slice(at + PRINT_LENGTH);
    return prints === "" ? [] : [{ ...group, prints }];
  });
}

/** Where a fingerprint stands; below 0: nowhere. One that only stands across two others is none. */
function placeOf(print: string, prints: string): number {
  let at = prints.indexOf(print);
  while (at >= 0 && at % PRINT_LENGTH !== 0) at = prints.indexOf(print, at + 1);
  return at;
}

/** The events without the groups whose time is over; the same object if there are none of these. */
export function withoutPast(spent: SpentEvents, atMs: number): SpentEvents {
  return spent.some(({ untilMs }) => untilMs <= atMs) ? spent.filter(({ untilMs }) => untilMs > atMs) : spent;
}

/** 64 bits of an event's source and id. Who makes two events look alike could as well give them one id. */
function printOf({ source, id }: Identity): string {
  const text = `${source.length}:${source}${id}`;
  let [a, b] = [0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
    a = (a << 13) | (a >>> 19);
    b = (b << 17) | (b >>> 15);
  }
  return digitsOf(mixed(a ^ (b >>> 16)), 6) + digitsOf(mixed(b ^ Math.imul(a, 0xc2b2ae35)), 5);
}

function mixed(bits: number): number {
  let mix = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

function digitsOf(bits: number, length: number): string {
  let text = "";
  for (let i = 0, rest = bits; i < length; i++, rest = Math.floor(rest / 64)) text += DIGITS.charAt(rest % 64);
  return text;
}
