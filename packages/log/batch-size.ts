import { RecordTooLargeError } from "./errors.ts";
import { BATCH_BYTES_MAX, type LogRecord } from "./port.ts";

const UTF8_BYTES_PER_UNIT_MAX = 3;

/** The bytes that a record counts for against `BATCH_BYTES_MAX`: its key, value and headers in UTF-8. */
export function recordBytes(record: LogRecord): number {
  let bytes = byteLength(record.key) + byteLength(record.value);
  for (const [name, value] of Object.entries(record.headers ?? {})) bytes += byteLength(name) + byteLength(value);
  return bytes;
}

/** Throws `RecordTooLargeError` if the records together are more than one batch may have. */
export function assertBatchFits(records: readonly LogRecord[]): void {
  if (surelyFits(records)) return;
  const sizeBytes = records.reduce((sum, record) => sum + recordBytes(record), 0);
  if (sizeBytes > BATCH_BYTES_MAX) throw new RecordTooLargeError(sizeBytes, BATCH_BYTES_MAX);
}

/** Counts string lengths only, which costs nothing, and is enough for nearly every batch. */
function surelyFits(records: readonly LogRecord[]): boolean {
  let units = 0;
  for (const { key, value, headers } of records) {
    units += (key?.length ?? 0) + (value?.length ?? 0);
    for (const name in headers) units += name.length + (headers[name]?.length ?? 0);
  }
  return units * UTF8_BYTES_PER_UNIT_MAX <= BATCH_BYTES_MAX;
}

function byteLength(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}
