import { single } from "../filters/filter.ts";
import { ARRAY_BUILTINS } from "./arrays.ts";
import type { Builtins } from "./builtin.ts";
import { CONTROL_BUILTINS } from "./control.ts";
import { DATE_BUILTINS } from "./dates.ts";
import { FORMAT_BUILTINS } from "./formats.ts";
import { KIND_BUILTINS } from "./kinds.ts";
import { LIBRARY } from "./library.ts";
import { MATH_BUILTINS } from "./math.ts";
import { PATH_BUILTINS } from "./paths.ts";
import { RECURSION_BUILTINS } from "./recursion.ts";
import { REGEX_BUILTINS } from "./regex.ts";
import { TEXT_BUILTINS } from "./texts.ts";

const NATIVE: Builtins = {
  ...ARRAY_BUILTINS,
  ...CONTROL_BUILTINS,
  ...DATE_BUILTINS,
  ...FORMAT_BUILTINS,
  ...KIND_BUILTINS,
  ...MATH_BUILTINS,
  ...PATH_BUILTINS,
  ...RECURSION_BUILTINS,
  ...REGEX_BUILTINS,
  ...TEXT_BUILTINS,
};

/** All functions that are built in, but for those of `LIBRARY`, which are written in jq. */
export const BUILTINS: Builtins = {
  ...NATIVE,
  "builtins/0": () => single(() => [...Object.keys(NATIVE), ...Object.keys(LIBRARY), "builtins/0"]),
};

const NO_INPUTS = "an expression has one input";
const NO_OUTSIDE = "an expression neither sees nor changes anything outside of its input and its variables";

/** jq's functions that reach outside, by name, and why they are not here. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ["input", NO_INPUTS],
  ["inputs", NO_INPUTS],
  ["input_filename", NO_INPUTS],
  ["input_line_number", NO_INPUTS],
  ["debug", NO_OUTSIDE],
  ["stderr", NO_OUTSIDE],
  ["env", NO_OUTSIDE],
  ["halt", NO_OUTSIDE],
  ["halt_error", NO_OUTSIDE],
  ["get_search_list", NO_OUTSIDE],
  ["get_prog_origin", NO_OUTSIDE],
  ["get_jq_origin", NO_OUTSIDE],
  ["modulemeta", NO_OUTSIDE],
]);
