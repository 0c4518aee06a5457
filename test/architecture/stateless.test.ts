import { expect, test } from "vitest";
import { stateless } from "../../bundle.config.ts";
import { sourceFiles } from "./source-files.ts";

const folders = stateless.filter((one) => one.includes("./"));

function isStateless(path: string): boolean {
  const last = folders.findLast((one) => `./${path}`.startsWith(one.replace("!", "")));
  return last !== undefined && !last.startsWith("!");
}

/**
 * Caches that any environment may fill: of pure functions, or by an environment's own client, which is their key.
 */
const CACHES = [
  "core/schedule/wall-clock.ts",
  "core/rollout/ring.ts",
  "adapters/ledger/read-items.ts",
  "adapters/share/consumer.ts",
  "adapters/notice/slack-secrets.ts",
];

const MUTABLE =
  /^(?:export )?(?:let|var)\b|^(?:export )?const \w+(?:: (?!Readonly)[^=]+)? = (?:new (?:Weak)?(?:Map|Set)(?:<[^(]*>)?\(\)|\[\];|\{\};)/;

test("modules that functions in one thread share keep no state", () => {
  const kept = sourceFiles()
    .filter(({ path }) => isStateless(path) && !CACHES.includes(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, n) => (MUTABLE.test(line) ? [`${path}:${n + 1}: ${line}`] : [])),
    );

  expect(kept).toEqual([]);
});

test.each([
  ["let traced: Traced | undefined;", true],
  ["const stores = new Map<string, Store>();", true],
  ["const ENDS: ReadonlySet<string> = new Set();", false],
  ['const ENDS: ReadonlySet<string> = new Set(["FAILED"]);', false],
  ["  let first = true;", false],
])("the rule itself reads %s", (line, found) => {
  expect(MUTABLE.test(line)).toBe(found);
});

test("what traces an environment's own requests is not shared", () => {
  expect(isStateless("adapters/monitoring/x-ray.ts")).toBe(false);
  expect(isStateless("adapters/ledger/table.ts")).toBe(true);
  expect(isStateless("functions/step.ts")).toBe(false);
});
