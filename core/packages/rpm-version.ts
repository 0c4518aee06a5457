import { type Order, order, orderDigits } from "./order.ts";
import { splitVersion, toEpoch } from "./split-version.ts";

/** Epoch, version and release of an RPM. An empty `release` is one that was not told; no package is without. */
export interface Evr {
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
}

/** RPM keeps epochs in 32 bits. */
const HIGHEST_EPOCH = 2 ** 32 - 1;

/** What rpmbuild lets into a version and a release. `%{}` stay behind where a macro of a spec file is not defined. */
const PART = /^[A-Za-z0-9._+~^%{}]+$/;

/**
 * Reads `[epoch:]version[-release]`, such as `1:3.0.8-1.amzn2023.0.4`; without an epoch it is 0.
 * @throws RangeError naming the text, its part that is wrong, and what would be valid
 */
export function parseEvr(text: string): Evr {
  const { epoch: written, version, release } = splitVersion(text);
  const epoch = toEpoch(written, HIGHEST_EPOCH);
  if (epoch === undefined) throw invalid(text, `the epoch "${written}"`, `a whole number from 0 to ${HIGHEST_EPOCH}`);
  if (!PART.test(version)) throw invalid(text, `the version "${version}"`, PART_IN_WORDS);
  if (release !== undefined && !PART.test(release)) throw invalid(text, `the release "${release}"`, PART_IN_WORDS);
  return { epoch, version, release: release ?? "" };
}

const PART_IN_WORDS = "one or more letters, digits and . _ + ~ ^ % { }";

const invalid = (text: string, found: string, valid: string): RangeError =>
  new RangeError(
    `"${text}" is no RPM version: ${found} is not ${valid}. Valid is [epoch:]version[-release], as 1:3.0.8-1.amzn2023.0.4.`,
  );

/** The shortest text that `parseEvr` reads as the same. */
export function formatEvr({ epoch, version, release }: Evr): string {
  return `${epoch > 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`;
}

/**
 * Which of two is newer, as rpm 4.15 and later order packages (older ones do not know `^`). Different texts can be equal: `1.0` and `1_00` are.
 * A release that was not told is older than any that was.
 */
export function compareEvr(a: Evr, b: Evr): Order {
  return (
    order(a.epoch, b.epoch) ||
    compareSegments(a.version, b.version) ||
    order(Number(a.release !== ""), Number(b.release !== "")) ||
    compareSegments(a.release, b.release)
  );
}

/** Runs of digits, runs of letters, each `~` and each `^`. All else separates, however much of it there is. */
const SEGMENT = /\d+|[A-Za-z]+|~|\^/g;

/** rpmvercmp: the first segments that differ decide. Where one text has ended, that end is a segment, too. */
function compareSegments(a: string, b: string): Order {
  const left = a.match(SEGMENT) ?? [];
  const right = b.match(SEGMENT) ?? [];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const decided = compareSegment(left[at] ?? "", right[at] ?? "");
    if (decided !== 0) return decided;
  }
  return 0;
}

/** Oldest first: `1~rc1`, `1`, `1^git1`, `1a`, `1.1`. */
const KINDS = [/^~/, /^$/, /^\^/, /^[A-Za-z]/, /^\d/];
const kind = (segment: string): number => KINDS.findIndex((pattern) => pattern.test(segment));

function compareSegment(a: string, b: string): Order {
  const digits = /^\d/;
  return order(kind(a), kind(b)) || (digits.test(a) ? orderDigits(a, b) : order(a, b));
}
