import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { toShown } from "../command/load-factory.ts";
import type { Finding } from "./finding.ts";

/** Those of a new project's tsconfig.json; the project's own may differ, and may not include the config. */
const OPTIONS = [
  ...["--noEmit", "--skipLibCheck", "--strict", "--allowImportingTsExtensions"],
  ...["--module", "nodenext", "--target", "es2024", "--pretty", "false"],
];

/** Since version 6, tsc refuses files beside a tsconfig.json without it. */
const FIRST_WITH_IGNORE_CONFIG = 6;

/** `factory.config.ts(12,5): error TS2322: Type ...`; further lines are indented. */
const ERROR = /^(.+)\((\d+),(\d+)\): error (TS\d+: .*)$/gm;

const PATIENCE_MS = 60_000;

/**
 * TypeScript's errors in a config and the files that it imports, by the TypeScript that the config's project has. The
 * config works all the same: Node only removes the types.
 * @returns undefined where the project has no TypeScript, or it did not finish
 */
export async function findTypeErrors(config: string): Promise<readonly Finding[] | undefined> {
  const compiler = findCompiler(config);
  if (!compiler) return undefined;
  const ignore = compiler.major >= FIRST_WITH_IGNORE_CONFIG ? ["--ignoreConfig"] : [];
  const { code, stdout } = await run([compiler.path, ...ignore, ...OPTIONS, config], dirname(resolve(config)));
  const found = [...stdout.matchAll(ERROR)].map(([, file = "", line, column, what = ""]): Finding => {
    const path = toShown(resolve(dirname(resolve(config)), file));
    return { where: `${path}:${line}:${column}`, what, fix: "correct it there", warning: true };
  });
  return code === 0 || found.length > 0 ? found : undefined;
}

function findCompiler(config: string): { readonly path: string; readonly major: number } | undefined {
  try {
    const manifest = createRequire(resolve(config)).resolve("typescript/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
    return { path: join(dirname(manifest), "bin", "tsc"), major: Number.parseInt(version, 10) };
  } catch {
    return undefined;
  }
}

const run = (args: readonly string[], cwd: string): Promise<{ code: number | undefined; stdout: string }> =>
  new Promise((done) => {
    execFile(process.execPath, [...args], { cwd, timeout: PATIENCE_MS, maxBuffer: 16 * 1024 * 1024 }, (error, stdout) =>
      done({ code: error ? undefined : 0, stdout }),
    );
  });
