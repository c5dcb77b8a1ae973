/** The most characters of a message or a reason that a row keeps: rows are small, and the log has the rest. */
export const ROW_TEXT_MAX = 500;

/** A text as a row keeps it. */
export function shortText(text: string): string {
  return text.length <= ROW_TEXT_MAX ? text : `${text.slice(0, ROW_TEXT_MAX - 1)}…`;
}
