import { readFileSync } from "node:fs";
import { filesOf, isSized, type ListedSuite, type SizedSuite } from "./suites.ts";

/** Last recorded durations of each file's deep tests: `npm run test:deep -- --all --record`. */
export interface Recorded {
  readonly seconds: number;
  /** Tests with the tag `deep`, or all tests of a suite that has the whole file. */
  readonly tests: number;
}

export const DURATIONS = "test/whole/deep/durations.json";

/** A part of a suite: what one process runs. */
export interface Part {
  /** As printed, and as the schedule knows it: `retirement 3/10`. */
  readonly id: string;
  readonly suite: string;
  readonly files: readonly string[];
  /** Its duration on one core. */
  readonly seconds: number;
  /** Environment variables that select the part: `test/whole/deep/size.ts` and `test/whole/deep/slice-runner.ts` read it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Target duration of a part, in seconds; a test cannot be divided. */
const AIM = 40;
/** Assumed for a file without a recorded duration. */
const UNKNOWN: Recorded = { seconds: 45, tests: 1 };

const readRecorded = (): Readonly<Record<string, Recorded>> => JSON.parse(readFileSync(DURATIONS, "utf8"));

/** All parts of a suite. @param all also those parts that never take turns in CI */
export function partsOf(
  suite: SizedSuite | ListedSuite,
  all: boolean,
  recorded: Readonly<Record<string, Recorded>> = readRecorded(),
): Part[] {
  if (isSized(suite)) return sizedParts(suite, all ? suite.parts : (suite.turns ?? suite.parts));
  if (suite.onlyAll && !all) return [];
  return filesOf(suite).flatMap((file) => listedParts(suite.name, file, recorded[file] ?? UNKNOWN));
}

const sizedParts = ({ name, files, parts, seconds }: SizedSuite, count: number): Part[] =>
  Array.from({ length: count }, (_, index) => {
    const part = `${index + 1}/${parts}`;
    return { id: `${name} ${part}`, suite: name, files, seconds, env: { AMINT_PART: part } };
  });

function listedParts(suite: string, file: string, { seconds, tests }: Recorded): Part[] {
  const count = Math.min(Math.max(1, Math.ceil(seconds / AIM)), Math.max(1, tests));
  return Array.from({ length: count }, (_, index) => {
    const slice = `${index + 1}/${count}`;
    return {
      id: `${suite} ${file}${count > 1 ? ` ${slice}` : ""}`,
      suite,
      files: [file],
      seconds: Math.ceil(seconds / count),
      env: { AMINT_TESTS: slice },
    };
  });
}
