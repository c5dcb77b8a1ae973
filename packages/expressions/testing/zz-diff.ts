import { createRequire } from "node:module";
import { parseJson } from "@antiphon/protocol";
import { compile, ExpressionError, ExpressionLimitError } from "../index.ts";
import { Chance, randomInput, randomProgram } from "./random-program.ts";

const require = createRequire("/work/main/packages/expressions/x.js");
let jq = await require("jq-web");
const N = +process.argv[2],
  seed = +(process.argv[3] ?? 1);
const c = new Chance(seed);
let ok = 0,
  errs = 0,
  syn = 0,
  shown = 0;
const t0 = Date.now();
let tj = 0;
for (let n = 0; n < N; n++) {
  const p = randomProgram(c, 1 + c.below(3));
  const i = randomInput(c, 3);
  let a: string, b: string;
  const t = Date.now();
  try {
    a = jq.raw(i, p, ["-c"]) ?? "";
    a = a
      .split("\n")
      .filter(Boolean)
      .map((x) => JSON.stringify(parseJson(x)))
      .join("\n");
  } catch (e: any) {
    a = "ERR " + e.message.replace(/^Non-zero exit code: \d\n/, "").replace("jq: error (at inputString:0): ", "");
    if (/Abort/.test(a)) {
      delete require.cache[require.resolve("jq-web")];
      jq = await require("jq-web");
    }
  }
  tj += Date.now() - t;
  try {
    b = compile(p)
      .run(parseJson(i))
      .map((x) => JSON.stringify(x))
      .join("\n");
  } catch (e: any) {
    b = "ERR " + e.name + " " + e.message;
    if (!/^Expression/.test(e.name)) b = "CRASH " + e.stack;
  }
  if (a.startsWith("ERR")) errs++;
  if (/syntax|compile/i.test(a)) syn++;
  const same = a === b || (a.startsWith("ERR") && b.startsWith("ERR"));
  if (same) ok++;
  else if (shown++ < (+process.argv[4] || 25))
    console.log("---", n, p, "\n  <<", i, "\n  jq:", a.slice(0, 300), "\n  me:", b.slice(0, 300));
}
console.log(ok, "/", N, "errs", errs, "compile", syn, Date.now() - t0, "ms; oracle", tj);
