import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { Trails } from "./follow-build.ts";
import { linesByLayer } from "./lines.ts";

export interface House {
  readonly files: number;
  /** By layer. */
  readonly lines: Readonly<Record<string, number>>;
  /** Files that exactly one other file imports, without tests. */
  readonly single: number;
  readonly circles: number;
  readonly trails: Trails;
  /** By noun: the number of folders with files that have it in their path. */
  readonly folders: Readonly<Record<string, number>>;
}

const layers = ["events", "core", "adapters", "functions", "stacks", "cli", "demo", "local"];
/** Nouns that were spread over many folders. */
const nouns = ["approval", "shar"];
const IMPORT = /(?:\bfrom\s+|\bimport\s*\(?\s*)"(\.[^"]+)"/g;

export interface Followed {
  readonly days: number;
  /** Channels that the build reaches in that time. */
  readonly channels: number;
}

/** @param committed the files whose lines count */
export async function measureHouse(root: string, committed: readonly string[], followed: Followed): Promise<House> {
  const files = layers.flatMap((layer) => list(root, layer));
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const imports = new Map(
    [...texts].map(([file, text]) => [file, importsOf(file, text).filter((to) => texts.has(to))]),
  );
  const importers = Map.groupBy(
    [...imports].flatMap(([from, all]) => [...new Set(all)].map((to) => ({ from, to }))),
    ({ to }) => to,
  );
  return {
    files: files.length,
    lines: linesByLayer(root, committed),
    single: files.filter((file) => (importers.get(file)?.length ?? 0) === 1).length,
    circles: files.filter((file) => reaches(file, file, imports)).length,
    trails: trailsOf(root, followed),
    folders: Object.fromEntries(
      nouns.map((noun) => [noun, new Set(files.filter((file) => file.includes(noun)).map(dirname)).size]),
    ),
  };
}

function list(root: string, layer: string): string[] {
  try {
    return readdirSync(join(root, layer), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${layer}/${file}`);
  } catch {
    return [];
  }
}

const importsOf = (file: string, text: string): string[] =>
  [...text.matchAll(IMPORT)].map(([, specifier = ""]) => normalize(join(dirname(file), specifier)));

/** Whether imports lead from one file to another. */
function reaches(from: string, to: string, imports: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const next = [...(imports.get(from) ?? [])];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (file === to) return true;
    if (!seen.has(file)) next.push(...(imports.get(file) ?? []));
    seen.add(file);
  }
  return false;
}

/** Runs in a separate process, because the tree's own program runs the build. */
export const trailsOf = (root: string, { days, channels }: Followed): Trails =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [join(import.meta.dirname, "follow-build.ts"), root, String(days), String(channels)],
      { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "inherit"] },
    ),
  );
