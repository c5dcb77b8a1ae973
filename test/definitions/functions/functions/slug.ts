/** A text as a part of a URL. */
export default async function slug({ text }: { readonly text: string }): Promise<string> {
  return text.toLowerCase().replaceAll(/\W+/g, "-");
}
