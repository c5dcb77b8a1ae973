/** The sum of two numbers. */
export async function add({ a, b }: { readonly a: number; readonly b: number }): Promise<number> {
  return a + b;
}
