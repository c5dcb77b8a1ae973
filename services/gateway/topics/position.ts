/** Where a reader of a topic stands: the offset of each partition to read from next. */
export type TopicPosition = readonly number[];

/** A position as an event's id: offsets in the order of their partitions, dots between. */
export function formatPosition(position: TopicPosition): string {
  return position.join(".");
}

/** Reads an event's id; undefined if it is no position in a topic of that many partitions. */
export function parsePosition(text: string, partitions: number): TopicPosition | undefined {
  if (!/^\d{1,15}(?:\.\d{1,15})*$/.test(text)) return undefined;
  const position = text.split(".").map(Number);
  return position.length === partitions ? position : undefined;
}
