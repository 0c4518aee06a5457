import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { findProject, root } from "../../stacks/blueprint/project.ts";

/**
 * The factory of a config.
 * @param given a file to load in place of the project's `factory.config.ts`
 * @throws FactoryConfigError listing the config's errors; ConfigNotLoaded if the file is missing or does not run
 */
export async function loadFactory(given?: string): Promise<Factory> {
  const path = given === undefined ? findProject().config : resolve(given);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConfigNotLoaded(toShown(path), "it is a folder", "name the file in it");
  }
  if (!existsSync(path)) {
    throw new ConfigNotLoaded(
      toShown(path),
      "the file does not exist",
      "run in the project's folder, or name the file",
    );
  }
  const { default: factory } = await load(path);
  if (factory instanceof Promise) {
    throw new ConfigNotLoaded(toShown(path), "its default export is a promise", "write `export default await ...`");
  }
  if (factory === undefined) throw new ConfigNotLoaded(toShown(path), "has no default export", EXPORT);
  if (!isDefined(factory)) throw new ConfigNotLoaded(toShown(path), "its default export is not a factory", EXPORT);
  return factory;
}

const EXPORT = "write `export default defineFactory({ ... })`";

/** `defineFactory` fills in defaults and converts durations, which are strings in the config itself. */
const isDefined = (value: unknown): value is Factory =>
  typeof (value as Factory | null)?.recycleBin?.retain === "number" && typeof (value as Factory).images === "object";

async function load(path: string): Promise<{ readonly default?: unknown }> {
  const { promise: stuck, reject } = Promise.withResolvers<never>();
  const fail = (what: string) => () =>
    reject(new ConfigNotLoaded(toShown(path), what, "correct the top-level `await` in it or in its imports"));
  // Node itself reports this by an exit code only.
  const neverLoads = fail("it never finishes loading");
  process.once("beforeExit", neverLoads);
  const late = setTimeout(fail(`it did not load within ${PATIENCE_SECONDS} seconds`), PATIENCE_SECONDS * 1_000).unref();
  try {
    return await Promise.race([import(pathToFileURL(path).href), stuck]);
  } catch (cause) {
    // By name, because the config can have its own copy of the class.
    if (cause instanceof Error && /^(FactoryConfigError|ConfigNotLoaded)$/.test(cause.name)) throw cause;
    if (!(cause instanceof Error)) {
      throw new ConfigNotLoaded(toShown(path), `it throws ${inspect(cause)}`, "throw an Error, which has its place");
    }
    const { at = toShown(path), what } = (await findSyntaxError(path)) ?? placeOf(cause);
    throw new ConfigNotLoaded(at, what, "correct it there", cause);
  } finally {
    process.off("beforeExit", neverLoads);
    clearTimeout(late);
  }
}

/** Longer than any config takes that reads files or asks AWS. */
const PATIENCE_SECONDS = 30;

interface Place {
  /** `file:line:column`, from the working directory; undefined if unknown. */
  readonly at?: string | undefined;
  readonly what: string;
  /** Whether the file is the program's or a package's. */
  readonly isOurs?: boolean;
}

/** Finds syntax errors and unresolved imports in the config and its imports. Node's errors have no column. */
async function findSyntaxError(path: string): Promise<Place | undefined> {
  const { build } = await import("esbuild");
  const bundled = build({
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "silent",
  });
  const errors = await bundled.then(
    () => [],
    ({ errors }: { errors: readonly { text: string; location: Location | null }[] }) => errors,
  );
  const [first] = errors;
  if (!first?.location) return undefined;
  const { file, line, column } = first.location;
  return { at: `${toShown(resolve(file))}:${line}:${column + 1}`, what: first.text };
}

interface Location {
  readonly file: string;
  readonly line: number;
  /** From 0. */
  readonly column: number;
}

/** The first file in the stack trace. Node only strips types, so line and column are those of the source. */
export function placeOf({ message, stack = "" }: Error): Place {
  const frame = /(?:^|[\s(])(?:file:\/\/)?(\/[^\s():]+):(\d+)(?::(\d+))?/.exec(stack);
  const what = message.trim().split("\n")[0] ?? "";
  if (!frame?.[1]) return { what };
  const [, encoded, line, column] = frame;
  const file = decodeURIComponent(encoded);
  const isOurs =
    /[\\/]node_modules[\\/]/.test(file) || (file.startsWith(root) && file !== join(root, "factory.config.ts"));
  return { at: [toShown(file), line, ...(column ? [column] : [])].join(":"), what, isOurs };
}

export const toShown = (path: string): string => {
  const shown = relative(process.cwd(), path);
  return shown.startsWith("..") ? path : shown;
};

/** The config cannot be loaded: missing, not TypeScript, or it throws. */
export class ConfigNotLoaded extends Error {
  override readonly name = "ConfigNotLoaded";
  /** `file:line:column`, or the file. */
  readonly at: string;
  readonly what: string;
  readonly fix: string;

  constructor(at: string, what: string, fix: string, cause?: unknown) {
    super(`${at}: ${what}\nfix: ${fix}`, { cause });
    this.at = at;
    this.what = what;
    this.fix = fix;
  }
}
