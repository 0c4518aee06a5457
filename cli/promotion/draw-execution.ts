import { type Branch, type JsonHistoryEvent, type StateRun, toTree } from "./execution-tree.ts";

/** An execution as the admin interface returns it. */
export interface ExecutionJson {
  readonly arn: string;
  readonly name: string;
  readonly stateMachine: string;
  readonly status: string;
  readonly startDate: string;
  readonly stopDate?: string;
  readonly error?: string;
  readonly cause?: string;
}

const NAME_WIDTH = 36;

/**
 * An execution as text: its states in order of entry, with time (UTC), duration and outcome.
 * Iterations, branches and the rounds of loops are indented.
 */
export function drawExecution(execution: ExecutionJson & { readonly history: readonly JsonHistoryEvent[] }): string {
  const { name, stateMachine, status, startDate, stopDate, error, cause } = execution;
  const took = stopDate ? `, took ${duration(Date.parse(stopDate) - Date.parse(startDate))}` : "";
  const lines = [
    `${name}  ${status}`,
    `${stateMachine}, began ${when(Date.parse(startDate))}${took}`,
    "",
    ...drawBranch(toTree(execution.history), 0, status !== "RUNNING"),
  ];
  if (error !== undefined || cause !== undefined) lines.push("", [error, cause].filter(Boolean).join(": "));
  return `${lines.join("\n")}\n`;
}

const drawBranch = (branch: Branch, depth: number, over: boolean): string[] =>
  foldLoops(branch.states).flatMap((one) => drawFolded(one, depth, over));

function drawFolded(folded: Folded<StateRun>, depth: number, over: boolean): string[] {
  if ("state" in folded) return drawState(folded.state, depth, over);
  return folded.rounds.flatMap((round, index) => [
    heading(`round ${index + 1} of ${folded.rounds.length}`, depth),
    ...round.flatMap((one) => drawFolded(one, depth + 1, over)),
  ]);
}

function drawState(run: StateRun, depth: number, over: boolean): string[] {
  const took = run.left === undefined ? "" : duration(run.left - run.entered);
  const name = `${indent(depth)}${run.name}`.padEnd(NAME_WIDTH);
  const line = `${when(run.entered)}  ${name} ${run.type.padEnd(8)} ${took.padStart(8)}  ${outcome(run, over)}`;
  const inside = run.branches.flatMap((branch) => [
    heading(branch.label, depth + 1),
    ...drawBranch(branch, depth + 2, over),
  ]);
  return [line.trimEnd(), ...inside];
}

function outcome(run: StateRun, over: boolean): string {
  const error = run.errors.at(-1);
  if (run.left === undefined) {
    if (error !== undefined) return over ? `failed: ${error}` : `${error}, retrying`;
    return over ? (run.type === "Fail" ? "failed" : "interrupted") : "running";
  }
  if (error === undefined) return run.type === "Choice" ? "" : "ok";
  return run.tries > run.errors.length ? `ok at attempt ${run.tries} (${run.errors.join(", ")})` : `caught ${error}`;
}

/** Indented by the width of a time, so that names are aligned. */
const heading = (text: string, depth: number): string => `${" ".repeat(17)}${indent(depth)}${text}`;

const indent = (depth: number): string => "  ".repeat(depth);

const format = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});

/** `01 Apr 08:41:02` in UTC, 15 characters. */
export const when = (time: number): string => format.format(new Date(time)).replace(",", "").replace("Sept", "Sep");

/** The two largest units: `1d 02h`, `5m 00s`, `0s`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 1_000) return `${ms}ms`;
  const seconds = Math.floor(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0 || first === 3) return `${seconds}s`;
  const [[large, unit], [small, next]] = [parts[first]!, parts[first + 1]!];
  return `${large}${unit} ${String(small).padStart(2, "0")}${next}`;
}
/** A state, or a loop with the states of each round. */
export type Folded<T> = { readonly state: T } | { readonly rounds: readonly (readonly Folded<T>[])[] };

/**
 * Folds loops: the states from one that is repeated up to the loop's exit. Nested loops are folded in each round.
 */
export function foldLoops<T extends { readonly name: string }>(states: readonly T[]): Folded<T>[] {
  const folded: Folded<T>[] = [];
  for (let index = 0; index < states.length; ) {
    const state = states[index]!;
    const last = states.findLastIndex(({ name }) => name === state.name);
    if (last === index) {
      folded.push({ state });
      index++;
      continue;
    }
    const end = endOf(states, index, last);
    folded.push({ rounds: toRounds(states.slice(index, end)) });
    index = end;
  }
  return folded;
}

/** The last round continues while its states also occur in earlier rounds. */
function endOf(states: readonly { readonly name: string }[], first: number, last: number): number {
  const known = new Set(states.slice(first, last).map(({ name }) => name));
  let end = last;
  while (end < states.length && known.has(states[end]!.name)) end++;
  return end;
}

/** Each round begins with the loop's first state. */
function toRounds<T extends { readonly name: string }>(states: readonly T[]): Folded<T>[][] {
  const starts = states.flatMap(({ name }, index) => (name === states[0]?.name ? [index] : []));
  return starts.map((start, round) => {
    const [head, ...rest] = states.slice(start, starts[round + 1]);
    return [{ state: head! }, ...foldLoops(rest)];
  });
}
