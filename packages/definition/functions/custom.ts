import { oneOf, quote } from "../document/node.ts";
import { reportLate } from "../document/reading.ts";
import type { FunctionDefinition, LogLevel } from "../model.ts";
import { refuse, type Written } from "./base.ts";
import { readKnative } from "./knative.ts";
import { readModule } from "./module.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

/** Types of SonataFlow's that are libraries of Java and have no meaning outside of it. */
const JVM_ONLY = ["camel", "dmn", "drools", "jwt-parser"];

/** Reads a function of type `custom`: SonataFlow's own kinds, else a function of the workflow's author. */
export function readCustom(written: Written): FunctionDefinition {
  const [, kind = "", rest = ""] = /^([^:]*):?(.*)$/s.exec(written.operation) ?? [];
  switch (kind.toLowerCase()) {
    case "rest":
      return readHttp(written, rest);
    case "sysout":
      return readSysout(written, rest);
    case "knative":
      return readKnative(written, rest);
    default: {
      if (!JVM_ONLY.includes(kind.toLowerCase())) return readModule(written);
      const wayOut = `an operation that runs without Java; write what it does as a function of your own, functions/${kind}.ts, and name that: ${quote(kind)}`;
      return refuse(written, wayOut, quote(written.operation));
    }
  }
}

function readHttp(written: Written, text: string): FunctionDefinition {
  const [, method = "", url = ""] = /^([a-z]*):(.+)$/i.exec(text) ?? [];
  const name = method.toUpperCase();
  if (url === "") return refuse(written, 'a method and a URL, "rest:get:/orders/{id}"', quote(written.operation));
  if (/^[\w.-]+:\d+(?:[/?#]|$)/.test(url)) {
    const expected = `a URL with its scheme, ${quote(`http://${url}`)}`;
    reportLate(written.members.reading, written.node, expected, quote(written.operation));
  }
  if (METHODS.includes(name)) return { kind: "http", ...written.base, method: name, url };
  return refuse(written, oneOf(METHODS), quote(method), { name, among: METHODS });
}

function readSysout(written: Written, text: string): FunctionDefinition {
  const level = LEVELS.find((candidate) => candidate === (text === "" ? "info" : text.toLowerCase()));
  if (level !== undefined) return { kind: "sysout", ...written.base, level };
  const names = LEVELS.map((name) => name.toUpperCase());
  return refuse(written, `a level, ${oneOf(names)}`, quote(written.operation), {
    name: text.toUpperCase(),
    among: names,
  });
}
