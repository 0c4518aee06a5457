import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { stateless } from "../../bundle.config.ts";
import { kinds } from "../../core/ledger/kinds.ts";
import { linesLike } from "./source-files.ts";

describe("AWS clients", () => {
  /** An SDK client's class, constructed or handed out under another name. */
  const MAKING = /\bnew\s+(?:[A-Z]\w*Client|[A-Z]\w*\.[A-Z]\w*Client|Client)\s*\(/;
  /** They are rate-limited there. */
  const PLACE = "functions/invocation.ts";

  test("of functions are created in one place", () => {
    expect(linesLike(MAKING, (path) => path.startsWith("functions/") && path !== PLACE)).toEqual([]);
    expect(linesLike(MAKING, (path) => path === PLACE)).toHaveLength(1);
  });

  test("of adapters are arguments", () => {
    // Slack's is a WebClient, of no account.
    const made = linesLike(MAKING, (path) => path.startsWith("adapters/") && path !== "adapters/notice/slack.ts");

    expect(made).toEqual([]);
  });

  test.each([
    ["new EC2Client({})", true],
    ["  ec2: perRegion((region) => new EC2Client({ region })),", true],
    ["makeClient(EC2Client, { region })", false],
    ["new Map<string, Client>()", false],
  ])("the rule itself reads %s", (line, found) => {
    expect(MAKING.test(line)).toBe(found);
  });
});

describe("ledger keys", () => {
  /** Where keys are made, and where items are read and written by them. */
  const PLACES = [
    "core/ledger/kinds.ts",
    ...["table", "wanted", "former-keys", "migration"].map((name) => `adapters/ledger/${name}.ts`),
  ];
  /** Powertools has items of its own in the table; the stack names the table's keys. */
  const OTHERS = ["functions/only-once.ts", "stacks/resources/lambda-function.ts", "stacks/blueprint/"];
  const partitions = [...new Set(Object.values(kinds).map(({ partition }) => partition))];
  /** A partition's name counts only as a complete string. */
  const NAMING = new RegExp(
    `\\b[ps]k["']?\\s*:|["'\`](?:${partitions.filter((one) => one.includes("#")).join("|")})["'\`]`,
  );

  test("are created in one place, by kind, with keyOf or below of core/ledger/kinds.ts", () => {
    const isProduct = (path: string) => /^(adapters|core|functions|cli|stacks)\//.test(path);

    const elsewhere = linesLike(
      NAMING,
      (path) => isProduct(path) && ![...PLACES, ...OTHERS].some((one) => path.startsWith(one)),
    );

    expect(elsewhere).toEqual([]);
  });

  test.each([
    ['put(ledger, { pk: "HOLDS", sk: build }, hold)', true],
    ['query(ledger, "FLEET#TOLD")', true],
    ['put(ledger, keyOf("hold", { build }), hold)', false],
    ['{ expression: "attribute_exists(pk) AND attribute_not_exists(decided)" }', false],
  ])("the rule itself reads %s", (line, found) => {
    expect(NAMING.test(line)).toBe(found);
  });

  test("of two kinds of record are never the same", () => {
    const forms = Object.values(kinds).map(
      ({ partition, sort }) => `${partition} ${sort.replaceAll(/\{\w+\}/g, "{}")}`,
    );

    expect(forms.filter((one, n) => forms.indexOf(one) !== n)).toEqual([]);
  });

  test("have partitions that docs/architecture.md lists", () => {
    const [, section = ""] = readFileSync("docs/architecture.md", "utf8").split("\n## The ledger\n");
    const rows = section.split("\n## ")[0]?.matchAll(/^\| `([^`]+)` \|/gm) ?? [];
    const listed = [...rows].map(([, partition = ""]) => partition);

    expect(partitions.filter((one) => !listed.includes(one))).toEqual([]);
    expect(listed.filter((one, n) => listed.indexOf(one) !== n)).toEqual([]);
  });
});

describe("commands", () => {
  /** They make foreign text safe before a terminal sees it: Amint's, and the component runner's. */
  const PLACES = ["cli/command/print.ts", "packages/component-runner/src/command/print.ts"];
  /** They report a Node that is too old to load those files. */
  const ENTRIES = ["cli/command/amint.mjs", "packages/component-runner/component-runner.mjs"];
  const isOther = (path: string) =>
    /^(cli|local|demo|packages\/component-runner\/(src\/|[^/]+$))/.test(path) && !PLACES.includes(path);

  test("colour their output in one place, which honours NO_COLOR, FORCE_COLOR and --no-color", () => {
    expect(linesLike(/\bstyleText\b|\\x1b\[\d/i, isOther)).toEqual([]);
  });

  test("print in one place, which makes foreign text safe", () => {
    const printing = /\bprocess\.std(out|err)\.write\b|\bconsole\.\w+\(/;

    expect(linesLike(printing, (path) => isOther(path) && !ENTRIES.includes(path))).toEqual([]);
  });
});

describe("state", () => {
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

  test("is not kept by modules that functions in one thread share", () => {
    expect(linesLike(MUTABLE, (path) => isStateless(path) && !CACHES.includes(path))).toEqual([]);
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

  test("of an environment's own traces is not shared", () => {
    expect(isStateless("adapters/monitoring/x-ray.ts")).toBe(false);
    expect(isStateless("adapters/ledger/table.ts")).toBe(true);
    expect(isStateless("functions/invocation.ts")).toBe(false);
  });
});
