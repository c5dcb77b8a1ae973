import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { waitUntil } from "./wait-until.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** As `npm start` has them. */
const FLAGS = ["--disable-warning=TimeoutNegativeWarning", "--disable-warning=ExperimentalWarning"];
/** How many characters of a process's output are kept, the newest. */
const OUTPUT_MAX = 1_000_000;

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One line that a service has logged. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [member: string]: unknown;
}

/** A service in a process of its own, started as a user would: Node on its main.ts, settings in the environment. */
export class ServiceProcess {
  readonly name: string;
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  #output = "";

  /**
   * `fileKb`: the most that any file of it may have, in kilobytes, as a full disk has it; absent: as much as it wants.
   * `root`: the checkout that it is of; absent: this one.
   */
  constructor(
    name: string,
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
    { fileKb, root = ROOT }: { readonly fileKb?: number; readonly root?: string } = {},
  ) {
    this.name = name;
    // Nothing of the settings of whoever runs the tests.
    const { PATH = "", HOME = "", NODE_COMPILE_CACHE = join(ROOT, ".cache", "compile") } = process.env;
    const command = [process.execPath, ...FLAGS, `services/${name}/main.ts`, ...args];
    // The limit's signal would end it; a full disk has none.
    const limit = `trap '' XFSZ; ulimit -f ${fileKb}; exec "$0" "$@"`;
    const [file = "", ...rest] = fileKb === undefined ? command : ["bash", "-c", limit, ...command];
    this.#child = spawn(file, rest, {
      cwd: root,
      env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (text: string): void => {
      this.#output = (this.#output + text).slice(-OUTPUT_MAX);
    };
    this.#child.stdout?.setEncoding("utf8").on("data", keep);
    this.#child.stderr?.setEncoding("utf8").on("data", keep);
    // A test run that is cut short leaves no service behind.
    const killed = (): boolean => this.#child.kill("SIGKILL");
    process.on("exit", killed);
    const { promise, resolve, reject } = Promise.withResolvers<Ending>();
    this.#child.on("error", reject);
    this.#child.on("close", (code, signal) => {
      process.off("exit", killed);
      resolve({ code, signal });
    });
    this.ended = promise;
  }

  /** What it has printed, the newest `OUTPUT_MAX` characters of it. */
  get output(): string {
    return this.#output;
  }

  /** How it stands: that it runs, or what ended it. */
  get state(): string {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null) return `ended with code ${exitCode}`;
    return signalCode === null ? "runs" : `ended by ${signalCode}`;
  }

  /** What it has logged so far. */
  lines(): readonly LogLine[] {
    return this.#output
      .split("\n")
      .flatMap((line) => (line.startsWith('{"level"') && line.endsWith("}") ? [JSON.parse(line)] : []));
  }

  /** The first line whose message begins so, once there is one. Throws if the process ends without it. */
  async logged(message: string): Promise<LogLine> {
    const line = await waitUntil(`"${message}" in the log of ${this.name}`, () => {
      const found = this.lines().find(({ msg }) => msg.startsWith(message));
      return found ?? (this.#child.exitCode === null && this.#child.signalCode === null ? undefined : "ended");
    });
    if (line !== "ended") return line;
    throw new Error(`${this.name} ended before it logged "${message}":\n${this.#output}`);
  }

  /** Holds the process still, sockets open, until it is let go on. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  /** Sends a signal, and waits until the process has ended. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<Ending> {
    this.#child.kill(signal);
    return await this.ended;
  }
}
