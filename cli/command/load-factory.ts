import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { findProject } from "../../stacks/blueprint/project.ts";

/**
 * The factory of a config.
 * @param given a file to load in place of the project's `factory.config.ts`
 * @throws FactoryConfigError listing the config's errors; ConfigNotLoaded if the file is missing or does not run
 */
export async function loadFactory(given?: string): Promise<Factory> {
  const path = given === undefined ? findProject().config : resolve(given);
  if (!existsSync(path)) {
    throw new ConfigNotLoaded(
      toShown(path),
      "the file does not exist",
      "run in the project's folder, or name the file",
    );
  }
  const { default: factory } = await load(path);
  if (factory === undefined) throw new ConfigNotLoaded(toShown(path), "has no default export", EXPORT);
  if (!isDefined(factory)) throw new ConfigNotLoaded(toShown(path), "its default export is not a factory", EXPORT);
  return factory;
}

const EXPORT = "write `export default defineFactory({ ... })`";

/** `defineFactory` fills in defaults and converts durations, which are strings in the config itself. */
const isDefined = (value: unknown): value is Factory =>
  typeof (value as Factory | null)?.recycleBin?.retain === "number" && typeof (value as Factory).images === "object";

async function load(path: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    // By name, because the config can have its own copy of the class.
    if (!(cause instanceof Error) || cause.name === "FactoryConfigError") throw cause;
    const { at, what } = (await findSyntaxError(path)) ?? placeOf(cause, path);
    throw new ConfigNotLoaded(at, what, "correct it there", cause);
  }
}

interface Place {
  /** `file:line:column`, from the working directory. */
  readonly at: string;
  readonly what: string;
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
function placeOf({ message, stack = "" }: Error, path: string): Place {
  const frame = /(?:^|[\s(])(?:file:\/\/)?(\/[^\s():]+):(\d+)(?::(\d+))?/.exec(stack);
  const what = message.trim().split("\n")[0] ?? "";
  if (!frame?.[1]) return { at: toShown(path), what };
  const [, file, line, column] = frame;
  return { at: [toShown(decodeURIComponent(file)), line, ...(column ? [column] : [])].join(":"), what };
}

const toShown = (path: string): string => {
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
