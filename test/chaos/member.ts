import { ready } from "../support/deployment-process.ts";
import { freePort } from "../support/kafka-ports.ts";
import { ServiceProcess } from "../support/service-process.ts";

/** One of the processes of a service: it may end and begin again, at the same ports. */
export class Member {
  readonly name: string;
  /** Where it is probed; of a gateway, where it listens. */
  readonly url: string;
  readonly #service: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #lives: ServiceProcess[] = [];
  #isUp = false;
  #isPaused = false;

  private constructor(service: string, name: string, port: number, env: Readonly<Record<string, string>>) {
    this.#service = service;
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    const at = service === "gateway" ? "ANTIPHON_PORT" : "ANTIPHON_HEALTH_PORT";
    this.#env = { ...env, [at]: `${port}` };
  }

  /** A member that has not begun yet. `publicUrl` of a gateway's is known once the first gateway is. */
  static async of(service: string, number: number, env: Readonly<Record<string, string>>): Promise<Member> {
    return new Member(service, `${service} ${number}`, await freePort(), env);
  }

  /** Whether it can be disturbed now. */
  get isUp(): boolean {
    return this.#isUp && !this.#isPaused;
  }

  begin(more: Readonly<Record<string, string>> = {}): void {
    this.#lives.push(new ServiceProcess(this.#service, { ...this.#env, ...more }));
    this.#isUp = true;
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    this.#isUp = false;
    // One that is held still would not hear.
    if (this.#isPaused) this.resume();
    await this.#lives.at(-1)?.end(signal);
  }

  pause(): void {
    this.#isPaused = true;
    this.#lives.at(-1)?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#lives.at(-1)?.resume();
  }

  async ready(): Promise<void> {
    const life = this.#lives.at(-1);
    if (life !== undefined) await ready(life, this.url);
  }

  /** All that it has said, in all its lives. */
  logs(): string {
    return this.#lives.map(({ state, output }) => `--- ${this.name}, ${state}\n${output}`).join("\n");
  }
}
