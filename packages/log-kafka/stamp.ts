/**
 * The stamp says where a batch must land to count. Each record that `append` sends carries one: the offset at which the
 * batch's first record is meant to be, the record's index in the batch, and a nonce that is the batch's own.
 *
 * A reader drops a stamped record that does not lie at `at + index`. A record without a stamp was published and counts
 * wherever it is. That needs nothing but the record itself.
 *
 * Why an append is settled by one look at offset `at`, whatever was lost on the way (`append.ts`):
 * - A batch lies in the log whole and in one piece, so either all of its records match or none does.
 * - Once any record is at `at`, what lies there never changes. Ours there (the nonce tells it from a rival's with the same
 *   `at`): every reader sees it. Another's there: ours can only lie elsewhere, and counts for nobody, ever.
 * - Nothing at `at` yet: an earlier request may still be on its way, and may land after we looked. The same batch is sent
 *   again, with the same nonce. Whichever of the two comes first may land at `at`; the other then lies behind it and does
 *   not count. So a batch counts once, however often it was sent, and whenever it arrives.
 * - A base offset that the broker answers with is `at`: appended. If it is another, and this was the only request that was
 *   ever sent for the batch, it is a conflict. If earlier requests were sent, one of these may have landed: look.
 */
export interface Stamp {
  readonly at: number;
  readonly index: number;
  readonly nonce: string;
}

/** The header that holds the stamp. Short, as each record has it, and nothing that people would choose. */
export const STAMP_HEADER = "@";

const FORMAT = /^(\d{1,16})\+(\d{1,5})\/([\w-]{1,40})$/;

/** The stamp as a header's value: `1042+3/nonce`. */
export function formatStamp({ at, index, nonce }: Stamp): string {
  return `${at}+${index}/${nonce}`;
}

/** The stamp in a header's value; undefined if it is not one of ours. */
export function parseStamp(text: string): Stamp | undefined {
  const [, at, index, nonce] = FORMAT.exec(text) ?? [];
  if (at === undefined || index === undefined || nonce === undefined) return undefined;
  return { at: Number(at), index: Number(index), nonce };
}

/** Whether a record at an offset counts. */
export function counts(offset: number, stamp: Stamp | undefined): boolean {
  return stamp === undefined || offset - stamp.index === stamp.at;
}
