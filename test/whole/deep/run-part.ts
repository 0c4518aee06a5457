import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Part } from "./parts.ts";

/** The result of a part. */
export interface PartResult {
  readonly part: Part;
  readonly passed: number;
  /** Tests; at least 1 if the part did not pass for any other reason. */
  readonly failed: number;
  /** Titles of the tests that skipped themselves, because a program is missing. */
  readonly skipped: readonly string[];
  readonly seconds: number;
  readonly output: string;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A part that takes this many times its duration is considered hung; the minimum limit is in seconds. */
const HANGS = { times: 6, least: 240 };

/**
 * Runs a part in a separate process, on one core.
 * @param slowness how many times longer parts take here than was recorded
 */
export async function runPart(part: Part, seed: number, slowness: number): Promise<PartResult> {
  const limit = Math.round(slowness * Math.max(HANGS.least, HANGS.times * part.seconds));
  const folder = mkdtempSync(join(tmpdir(), "amint-part-"));
  const outputFile = join(folder, "results.json");
  const begun = performance.now();
  try {
    const ended = await vitest(part, seed, { outputFile, limit });
    const seconds = (performance.now() - begun) / 1000;
    const counted = count(outputFile);
    const ok = ended.code === 0 && counted.passed + counted.skipped.length > 0;
    const failed = ok ? counted.failed : Math.max(1, counted.failed);
    return { ...counted, part, failed, seconds, output: ended.output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The command that runs a part by hand. */
export const commandOf = ({ env, files }: Part, seed: number): string =>
  [`SEED=${seed}`, ...Object.entries(env).map((one) => one.join("=")), "npx vitest run", ...files, ...filter(env)].join(
    " ",
  );

/** A part of listed tests leaves out what `npm test` runs; a part of a sized suite runs its tests at another size. */
const filter = (env: Part["env"]): string[] => ("AMINT_TESTS" in env ? ["--tagsFilter=deep"] : []);

function vitest(
  { files, env }: Part,
  seed: number,
  { outputFile, limit }: { readonly outputFile: string; readonly limit: number },
): Promise<{ code: number | null; output: string }> {
  const args = [
    join("node_modules", "vitest", "vitest.mjs"),
    "run",
    ...files,
    ...filter(env),
    "--maxWorkers=1",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${outputFile}`,
  ];
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; output: string }>();
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    // In CI the config sets another report, which would replace this one.
    env: { ...process.env, CI: undefined, ...env, SEED: String(seed) },
    timeout: 1000 * limit,
    killSignal: "SIGKILL",
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => output.push(bytes));
  child.on("error", reject);
  child.on("close", (code, signal) => {
    const killed = signal ? [`Ended by ${signal} after ${limit} s.\n`] : [];
    resolve({ code, output: [Buffer.concat(output).toString("utf8"), ...killed].join("") });
  });
  return promise;
}

function count(outputFile: string): Pick<PartResult, "passed" | "failed" | "skipped"> {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(outputFile, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    // Those of other parts are pending.
    skipped: tests.filter(({ status }) => status === "skipped").map(({ fullName }) => fullName),
  };
}
