import { expect, test } from "vitest";
import { declaredHandlers } from "../../stacks/bundle/handlers.ts";
import { type Import, importsOf, linesLike, sourceFiles } from "./source-files.ts";

interface Rule {
  /** Folders and files of ours that may be imported beside the folder's own files. */
  readonly ours: readonly string[];
  /** Packages that may be imported; a pattern for a family. */
  readonly packages: RegExp;
}

/** Allowed imports: the table in docs/architecture.md. */
const rules: Readonly<Record<string, Rule>> = {
  events: { ours: [], packages: /^zod$/ },
  core: { ours: ["events"], packages: /^(zod|croner|leven|node:crypto)$/ },
  adapters: {
    ours: ["core", "events"],
    packages:
      /^(@aws-sdk\/.*|@slack\/web-api|saxes|csv-parse|@streamparser\/json|xz-decompress|zod|node:(crypto|dgram|diagnostics_channel|dns|https?|net|stream.*|zlib))$/,
  },
  functions: {
    ours: ["events", "core", "adapters", "factory.config.ts"],
    packages: /^(@middy\/core|@aws-lambda-powertools\/.*|@aws-sdk\/.*|aws-lambda|zod)$/,
  },
  stacks: {
    ours: ["events", "core", "factory.config.ts", "sst.config.ts", ".sst"],
    packages: /^(?!(embedded-aws|component-runner)$)/,
  },
  // They know AWS, not the factory. The repository defines test sizes.
  packages: { ours: ["test/whole/deep/size.ts"], packages: /^(?!amint$)/ },
  cli: { ours: ["core", "adapters", "events", "stacks", "local", "demo"], packages: /.*/ },
  local: { ours: ["core", "adapters", "events", "stacks"], packages: /.*/ },
  demo: {
    ours: [
      ...["core", "adapters", "events", "local", "factory.config.ts"],
      // `demo/debian/leave-out.ts` is a command, and runs what `amint build --here` runs.
      "cli/component/image-source.ts",
      "cli/command/print.ts",
    ],
    packages: /.*/,
  },
  images: { ours: [], packages: /^$/ },
};

const folderOf = (path: string): string => path.split("/")[0] ?? path;

function breaks({ path, target, ours }: Import): boolean {
  const folder = folderOf(path);
  const rule = rules[folder];
  if (!rule) return false;
  if (!ours) return !rule.packages.test(target);
  return folderOf(target) !== folder && !rule.ours.includes(folderOf(target)) && !rule.ours.includes(target);
}

const told = ({ path, line, text }: Import): string => `${path}:${line}: ${text}`;

const imports = sourceFiles().flatMap(importsOf);

test("every folder imports only what the architecture allows", () => {
  expect(imports.filter(breaks).map(told)).toEqual([]);
});

/** `packages/embedded-aws/` of a path in it. */
const packageFolder = (path: string): string | undefined => /^packages\/[^/]+\//.exec(path)?.[0];

test("code outside a package imports its entry points, never a path", () => {
  const byPath = imports.filter(({ path, target }) => {
    const folder = packageFolder(target);
    return folder !== undefined && folder !== "packages/create-amint/" && folder !== packageFolder(path);
  });

  expect(byPath.map(told)).toEqual([]);
});

test("the embedded AWS takes only the document language from the component runner, which takes nothing from it", () => {
  const others = imports.filter(
    ({ path, target, specifier }) =>
      (path.startsWith("packages/embedded-aws/") &&
        target === "component-runner" &&
        specifier !== "component-runner/documents") ||
      (path.startsWith("packages/component-runner/") && target === "embedded-aws"),
  );

  expect(others.map(told)).toEqual([]);
});

test("the document language imports nothing but its own files and parsers", () => {
  const LANGUAGE = "packages/component-runner/src/language/";
  const inLanguage = imports.filter(({ path }) => path.startsWith(LANGUAGE));
  const entry = imports.filter(({ path }) => path === "packages/component-runner/documents.ts");
  const others = [...inLanguage, ...entry].filter(({ target, ours }) =>
    ours ? !target.startsWith(LANGUAGE) : !/^(yaml|re2js|leven)$/.test(target),
  );

  expect(others.map(told)).toEqual([]);
  expect(inLanguage.length).toBeGreaterThan(20);
});

test("no handler imports another handler's file; shared code is beside them", () => {
  const handlers = new Set(declaredHandlers(".").map((path) => `functions/${path}.ts`));
  const crossing = imports.filter(({ path, target }) => path.startsWith("functions/") && handlers.has(target));

  expect(handlers.size).toBeGreaterThan(30);
  expect(crossing.map(told)).toEqual([]);
});

test("among the functions, only the shared context reads the factory's config", () => {
  const reading = imports.filter(({ path, target }) => path.startsWith("functions/") && target === "factory.config.ts");

  expect(reading.map(({ path }) => path)).toEqual(["functions/invocation.ts"]);
});

test("only these commands show the example's month", () => {
  const showing = imports.filter(({ path, target }) => path.startsWith("cli/") && target.startsWith("demo/"));

  expect([...new Set(showing.map(({ path }) => path))].sort()).toEqual([
    "cli/monitoring/iam.ts",
    "cli/try/draw-month.ts",
    "cli/try/keep-month-up.ts",
    "cli/try/month.ts",
  ]);
});

test("the rule itself sees a forbidden import", () => {
  const [forbidden] = importsOf({ path: "core/x.ts", lines: ['import { y } from "../adapters/bus.ts";'] });
  expect(forbidden && breaks(forbidden)).toBe(true);
});

test("core decides without a clock and without an environment", () => {
  const reading = /\bDate\.now\(|new Date\(\)|process\.env|performance\.now\(|Math\.random\(/;

  expect(linesLike(reading, (path) => /^(core|events)\//.test(path))).toEqual([]);
});

test("only the clock of the embedded AWS reads the machine's time", () => {
  const reading = /\bDate\.now\(|new Date\(\)|\bsetTimeout\(/;
  const others = /^packages\/embedded-aws\/src\/(?!(engine\/clock|lambda-runtime|command)\/)/;

  expect(linesLike(reading, (path) => others.test(path))).toEqual([]);
});

/** What each folder of a package imports beside its own files: the tables of the READMEs and of docs/architecture.md. */
const layersOf: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "embedded-aws": {
    engine: [],
    wire: ["engine", "authorization"],
    authorization: ["engine"],
    faults: ["engine"],
    limits: ["engine", "faults"],
    "lambda-runtime": ["engine", "wire"],
    services: ["engine", "wire", "authorization", "faults", "limits", "lambda-runtime"],
  },
  "component-runner": {
    language: [],
    actions: ["language"],
    isolation: ["actions"],
    run: ["language", "actions", "isolation"],
    report: ["run"],
    command: ["language", "isolation", "run", "report"],
  },
};

test.each(Object.entries(layersOf))("no layer of %s imports a layer above it", (name, layers) => {
  const SOURCES = `packages/${name}/src/`;
  const layerOf = (path: string) => (path.startsWith(SOURCES) ? (path.slice(SOURCES.length).split("/")[0] ?? "") : "");
  const upwards = imports.filter(({ path, target, ours }) => {
    const [from, to] = [layerOf(path), layerOf(target)];
    return ours && layers[from] && path.endsWith(".ts") && from !== to && !layers[from].includes(to);
  });

  expect(upwards.map(told)).toEqual([]);
  expect(imports.filter(({ path }) => layers[layerOf(path)])).not.toEqual([]);
});
