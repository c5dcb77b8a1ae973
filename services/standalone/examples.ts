import { glob } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@antiphon/host";

const EXAMPLES = join(import.meta.dirname, "..", "..", "examples");

/** What each `examples/*\/service.ts` exports: the service that answers its workflow. */
interface ExampleService {
  start(settings: { readonly antiphonUrl: string }): Promise<AsyncDisposable>;
}

async function start(file: string, service: ExampleService, antiphonUrl: string): Promise<AsyncDisposable> {
  try {
    return await service.start({ antiphonUrl });
  } catch (cause) {
    const instead = "Free what it needs, or leave the examples out: npm start -- path/to/resources";
    throw new Error(`examples/${file} could not start: ${(cause as Error).message}. ${instead}`, { cause });
  }
}

/** Starts the services that answer the examples' workflows. */
export async function startExamples(antiphonUrl: string, logger: Logger): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  for await (const file of glob("*/service.ts", { cwd: EXAMPLES })) {
    const service = (await import(join(EXAMPLES, file))) as ExampleService;
    stack.use(await start(file, service, antiphonUrl));
    logger.info({ example: file }, `examples/${file} answers`);
  }
  return stack.move();
}
