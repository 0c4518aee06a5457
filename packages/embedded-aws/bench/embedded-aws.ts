import { type Measured, measureMoto, measureOurs } from "./contenders/compare.ts";
import { eventsPerSecond, transitionsPerSecond } from "./contenders/in-process.ts";

interface Comparison {
  readonly what: string;
  readonly of: (measured: Measured) => number | undefined;
  readonly unit: string;
  readonly wanted: string;
  /** Ours divided by moto's. */
  readonly holds: (ratio: number) => boolean;
}

const comparisons: readonly Comparison[] = [
  {
    what: "cold start to the first ec2 DescribeImages",
    of: ({ coldStartMs }) => coldStartMs,
    unit: "ms",
    wanted: "at most 0.5 times",
    holds: (ratio) => ratio <= 0.5,
  },
  {
    what: "ec2 DescribeImages, 100 AMIs, 8 connections",
    of: ({ describeImages }) => describeImages,
    unit: "/s",
    wanted: "at least 50 times",
    holds: (ratio) => ratio >= 50,
  },
  {
    what: "organizations ListAccounts, 50, 8 connections",
    of: ({ listAccounts }) => listAccounts,
    unit: "/s",
    wanted: "at least 15 times",
    holds: (ratio) => ratio >= 15,
  },
  {
    what: "resident memory after that",
    of: ({ memoryMb }) => memoryMb,
    unit: "MB",
    wanted: "at most 1 times",
    holds: (ratio) => ratio <= 1,
  },
];

/** The short form asks for a moment only: its results count, not its rates. */
const isShort = process.argv.includes("--short");
/** For how long each request is repeated. */
const SECONDS = isShort ? 0.2 : 3;

const print = (line: string) => process.stdout.write(`${line}\n`);
const shown = (value: number | undefined, unit: string) =>
  (value === undefined ? "not answered" : `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`).padStart(14);

const ours = await measureOurs(SECONDS);
if (ours.listAccounts === undefined) throw new Error("The embedded AWS does not list its accounts.");
const moto = isShort
  ? undefined
  : await measureMoto(SECONDS).catch((error: Error) => {
      print(`moto_server could not be measured: ${error.message}`);
      return undefined;
    });
print(`${"".padEnd(46)}${"embedded AWS".padStart(14)}${moto ? "moto_server".padStart(14) : ""}`);
for (const { what, of, unit, wanted, holds } of comparisons) {
  const [mine, theirs] = [of(ours), moto && of(moto)];
  const ratio = mine !== undefined && theirs !== undefined ? mine / theirs : undefined;
  const verdict = ratio === undefined ? "" : `  ${ratio.toFixed(2)} times (${wanted}: ${holds(ratio) ? "yes" : "NO"})`;
  print(`${what.padEnd(46)}${shown(mine, unit)}${moto ? shown(theirs, unit) : ""}${verdict}`);
}
if (!moto && !isShort) print("moto_server is not installed, so nothing is compared: pip install 'moto[server]'");
print(
  `${"events matched against 200 rules, in process".padEnd(46)}${shown(await eventsPerSecond(isShort ? 20 : 500), "/s")}`,
);
print(`${"state transitions, in process".padEnd(46)}${shown(await transitionsPerSecond(isShort ? 100 : 2_000), "/s")}`);
