import { sayTime } from "../../core/build/explain-triggers.ts";
import { inAge } from "../command/moments.ts";
import { styled } from "../command/print.ts";
import { drawRows, wrapped } from "../rollout/draw-groups.ts";
import type { Behind, ChannelRow, Problem, Status, Upcoming, Waiting, Work } from "./shape.ts";

/** The overview as lines of at most 100 columns. */
export function drawStatus({ factory, at, problems, waiting, channels, now, next, unread }: Status): string[] {
  const since = (time: string): string => inAge(Date.parse(at) - Date.parse(time));
  return [
    `${bold(factory)} at ${sayTime(at)}: ${summary(problems, waiting, unread.length > 0)}`,
    ...section(
      "Could not be read",
      unread.flatMap(({ part, why }) => wrapped(`${part}: ${why}`, "  ")),
    ),
    ...section(
      "Problems",
      problems.flatMap((one) => drawProblem(one, since)),
    ),
    ...section("Waiting for you", waiting.flatMap(drawWaiting)),
    ...section("Channels", drawChannels(channels)),
    ...section(
      "Running now",
      now.flatMap((one) => drawWork(one, since)),
    ),
    ...section("Next", next.flatMap(drawNext)),
  ];
}

function summary(problems: readonly Problem[], waiting: readonly Waiting[], isPartial: boolean): string {
  const found = problems.length === 0 ? "no problems" : count(problems.length, "problem");
  const open = waiting.length === 0 ? "nothing waits for you" : `${count(waiting.length, "item")} waiting for you`;
  return `${found}, ${open}${isPartial ? "; incomplete" : ""}`;
}

const WIDTH = 100;

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", bold(title), ...lines];

function drawProblem({ text, since: time, command, runbook }: Problem, since: (time: string) => string): string[] {
  const [first = "", ...more] = wrapped(`${text}${time ? ` (${since(time)} ago)` : ""}`, "  ");
  const fix = `    ${command}`;
  const page = `docs/operations.md, "${runbook}"`;
  const both = `${fix}  # ${page}`;
  return [
    first,
    ...more.map((line) => `  ${line}`),
    ...(both.length <= WIDTH ? [both] : [fix, `    # ${page}`]).map(dim),
  ];
}

function drawWaiting({ text, commands }: Waiting): string[] {
  const [first = "", ...more] = wrapped(text, "  ");
  return [first, ...more.map((line) => `  ${line}`), ...commands.map((command) => dim(`    ${command}`))];
}

const drawWork = ({ text, since: time, until }: Work, since: (time: string) => string): string[] =>
  wrapped(`${text}, for ${since(time)}${until ? `, until ${sayTime(until)}` : ""}`, "  ");

function drawNext({ at, text }: Upcoming): string[] {
  const [first = "", ...more] = wrapped(text, " ".repeat(24));
  return [`  ${(at ? sayTime(at) : "").padEnd(22)}${first.trimStart()}`, ...more];
}

/** Regions in which a channel is in the same state share a row. */
function drawChannels(rows: readonly ChannelRow[]): string[] {
  if (rows.every(({ build }) => build === null))
    return ["  No channel has a build yet. `amint build <image>` starts one."];
  const alike = Map.groupBy(rows, (row) => JSON.stringify({ ...row, region: "", artifact: "" }));
  return drawRows(
    [
      { cells: ["IMAGE", "CHANNEL", "BUILD", "AGE", "BEHIND", "REGIONS"], why: undefined },
      ...[...alike.values()].map((some) => {
        const { image, channel, version, ageSeconds, behind, marks, why } = some[0]!;
        return {
          cells: [
            image,
            channel,
            [version ?? "no build", ...marks].join(", "),
            ageSeconds === null ? "-" : inAge(ageSeconds * 1000),
            behind ? sayBehind(behind, version !== null) : "-",
            some.map(({ region }) => region).join(", "),
          ],
          why,
        };
      }),
    ],
    "  ",
  );
}

const sayBehind = ({ builds, seconds }: Behind, hasBuild: boolean): string =>
  `${count(builds, "build")}${hasBuild ? `, ${inAge(seconds * 1000)}` : ""}`;

const bold = (text: string): string => styled("bold", text);
const dim = (text: string): string => styled("dim", text);
