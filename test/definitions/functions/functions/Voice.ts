// biome-ignore-all lint/style/useFilenamingConvention: it is named as the class of Java was.
interface Spoken {
  readonly text: string;
}

export async function whisper({ text }: Spoken): Promise<object> {
  return { whispered: text.toLowerCase() };
}

export async function shout({ text }: Spoken): Promise<object> {
  if (text.length > 20) throw new Error("That was too loud!");
  return { shouted: text.toUpperCase() };
}
