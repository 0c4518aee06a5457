import { readFeed } from "../../adapters/advisories/read-feed.ts";
import type { Feed } from "../../core/advisories/feed.ts";
import { findApplicable } from "../../core/advisories/find-applicable.ts";
import type { Manifest } from "../../core/evidence/manifest.ts";

/** The input of Amint's process in this benchmark: JSON on standard input. */
export interface Task {
  readonly feeds: readonly Feed[];
  readonly packages: Manifest;
  readonly manager: "rpm" | "dpkg";
}

export interface Outcome {
  readonly advisories: number;
  readonly applicable: number;
  /** Pairs of an advisory and a package that it fixes. */
  readonly fixes: number;
  /** Distinct packages that they fix. */
  readonly packages: number;
  /** Milliseconds of processor time, including the start of the process. */
  readonly processor: number;
  readonly peakMiB: number;
}

/** Reads and verifies complete feeds and decides, in a separate process. */
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { feeds, packages, manager } = JSON.parse(Buffer.concat(chunks).toString()) as Task;
const names = new Set(packages.packages.map(({ name }) => name));
const readings = await Promise.all(
  feeds.map((feed) => readFeed(feed, { interested: (name) => names.has(name), now: Date.now() })),
);
const advisories = readings.flatMap((reading) => (reading.kind === "read" ? reading.advisories : []));
const asked = {
  image: "this",
  packages,
  manager,
  architecture: process.arch === "arm64" ? "arm64" : "x86_64",
  advisories,
} as const;
const { applicable } = findApplicable({
  ...asked,
  threshold: "unknown",
  waivers: [],
  now: new Date("2026-04-15T12:00:00Z"),
});
const { user, system } = process.cpuUsage();
const outcome: Outcome = {
  advisories: advisories.length,
  applicable: applicable.length,
  fixes: applicable.reduce((sum, one) => sum + one.packages.length, 0),
  packages: new Set(applicable.flatMap((one) => one.packages.map(({ name }) => name))).size,
  processor: (user + system) / 1_000,
  peakMiB: process.resourceUsage().maxRSS / 1_024,
};
console.log(JSON.stringify(outcome));
