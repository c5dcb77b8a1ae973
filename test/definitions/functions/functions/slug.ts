/** A text as a part of a URL. */
// biome-ignore lint/style/noDefaultExport: an operation without the name of an export means this one.
export default async function slug({ text }: { readonly text: string }): Promise<string> {
  return text.toLowerCase().replaceAll(/\W+/g, "-");
}
