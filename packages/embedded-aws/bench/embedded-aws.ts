import { type Measured, measureMoto, measureOurs } from "./contenders/compare.ts";
import { eventsPerSecond, transitionsPerSecond } from "./contenders/in-process.ts";

interface Comparison {
  readonly what: string;
  readonly of: (measured: Measured) => number | undefined;
  readonly unit: string;
  /** At most this many times moto's value. */
  readonly most?: number;
}

/**
 * Processor time is compared, because the rates depend on the client: it keeps a processor as busy as the embedded AWS does,
 * so that on a machine with two of them any other load slows the embedded AWS more than moto. For both, most of a ListAccounts
 * is HTTP: a server in Node that only sends the same bytes answers two to three times as many requests as the embedded AWS.
 */
const comparisons: readonly Comparison[] = [
  { what: "cold start to the first ec2 DescribeImages", of: ({ coldStartMs }) => coldStartMs, unit: "ms", most: 1 / 2 },
  {
    what: "ec2 DescribeImages, 100 AMIs, 8 connections",
    of: ({ describeImages }) => describeImages.perSecond,
    unit: "/s",
  },
  {
    what: "  processor time of one",
    of: ({ describeImages }) => describeImages.processorMs,
    unit: "ms",
    most: 1 / 30,
  },
  {
    what: "organizations ListAccounts, 50, 8 connections",
    of: ({ listAccounts }) => listAccounts?.perSecond,
    unit: "/s",
  },
  {
    what: "  processor time of one, three pages",
    of: ({ listAccounts }) => listAccounts?.processorMs,
    unit: "ms",
    most: 1 / 8,
  },
  { what: "resident memory after that", of: ({ memoryMb }) => memoryMb, unit: "MB", most: 1 },
];

/** The short form asks for a moment only: its results count, not its rates. */
const isShort = process.argv.includes("--short");
/** For how long each request is repeated. */
const SECONDS = isShort ? 0.2 : 3;

const print = (line: string) => process.stdout.write(`${line}\n`);
const shown = (value: number | undefined, unit: string) =>
  (value === undefined ? "not answered" : `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`).padStart(
    14,
  );

const ours = await measureOurs(SECONDS);
if (ours.listAccounts === undefined) throw new Error("The embedded AWS does not list its accounts.");
const moto = isShort
  ? undefined
  : await measureMoto(SECONDS).catch((error: Error) => {
      print(`moto_server could not be measured: ${error.message}`);
      return undefined;
    });
print(`${"".padEnd(46)}${"embedded AWS".padStart(14)}${moto ? "moto_server".padStart(14) : ""}`);
for (const { what, of, unit, most } of comparisons) {
  const [mine, theirs] = [of(ours), moto && of(moto)];
  const ratio = mine !== undefined && theirs !== undefined ? mine / theirs : undefined;
  const isMissed = most !== undefined && ratio !== undefined && ratio > most;
  if (isMissed) process.exitCode = 1;
  const target = most === undefined ? "" : ` (at most ${most.toFixed(3)}: ${isMissed ? "MISSED" : "met"})`;
  const verdict = ratio === undefined ? "" : `  ${ratio.toFixed(3)} times${target}`;
  print(`${what.padEnd(46)}${shown(mine, unit)}${moto ? shown(theirs, unit) : ""}${verdict}`);
}
if (!moto && !isShort) print("moto_server is not installed, so nothing is compared: pip install 'moto[server]'");
print(
  `${"events matched against 200 rules, in process".padEnd(46)}${shown(await eventsPerSecond(isShort ? 20 : 500), "/s")}`,
);
print(`${"state transitions, in process".padEnd(46)}${shown(await transitionsPerSecond(isShort ? 100 : 2_000), "/s")}`);
