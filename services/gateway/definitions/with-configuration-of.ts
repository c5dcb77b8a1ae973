import { type Bundle, putTogether, takeApart } from "@antiphon/definition";
import type { Definitions } from "@antiphon/host/definitions";

/**
 * An upload with the configuration that its workflow has already, if it brings no file of configuration of its own: it is
 * not handed out, so that whoever changes a document has none to send along.
 */
export function withConfigurationOf(definitions: Pick<Definitions, "all">, workflow: string, upload: Bundle): Bundle {
  const { content, configuration } = takeApart(upload);
  if (Object.keys(configuration).length > 0) return upload;
  const deployed = definitions.all().findLast(({ definition }) => definition.id === workflow);
  return deployed === undefined ? upload : putTogether({ content, configuration: deployed.configuration });
}
