import { loadFactory } from "../cli/command/load-factory.ts";
import { readBlueprint } from "../cli/command/open-ledger.ts";
import { bootExample } from "../demo/boot-example.ts";
import { publications } from "../demo/publications.ts";
import { since, tookSoFar } from "./measure/figures.ts";
import { row } from "./measure/row.ts";
import { sized } from "./measure/sized.ts";
import { Targets } from "./measure/targets.ts";
import { CallCount, sumOf } from "./month/count.ts";

/**
 * A month in which nothing triggers a build: the example's factory between two patch nights that are five weeks apart,
 * with the builds of its first days and without news of its vendors.
 */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The day after a patch night. */
const begin = Date.UTC(2026, 5, 11);
/** By then the first builds are in their channels, and channels that moved were compared. */
const settled = begin + 3.5 * DAY;
const DAYS = sized(30, 1);

const factory = await loadFactory();
const blueprint = await readBlueprint();
const running = await bootExample({
  factory,
  blueprint,
  port: 0,
  begin,
  publications: publications.filter(({ at, onlyUpdates }) => at === publications[0]?.at && !onlyUpdates),
});
const { clock, booted, events } = running;
for (const image of ["al2023-base", "al2023-node"]) await running.request(image, "ada");
await clock.runUntil(settled);

const starts = () => events.filter(({ detailType }) => detailType === "build.started").length;
const before = starts();
const calls = new CallCount(booted.aws);
const start = tookSoFar();
await clock.runUntil(settled + DAYS * DAY);
const { wall, processor } = since(start);

row("idle days", String(DAYS));
row("seconds", (wall / 1_000).toFixed(2), `${(processor / 1_000).toFixed(2)} s of processor time`);
row("calls", String(sumOf(calls.byCaller)));
for (const [name, count] of Object.entries(calls.byCaller).slice(0, 12)) row(`  ${name}`, String(count));
const targets = new Targets();
targets.equal("builds started", starts() - before, 0);
targets.atLeast("calls a day", sumOf(calls.byCaller) / DAYS, 24);
targets.say();
await running.close();
process.exit();
