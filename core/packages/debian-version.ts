import { type Order, order, orderDigits } from "./order.ts";
import { splitVersion, toEpoch } from "./split-version.ts";

/** The parts of a Debian version. A package that is native to Debian has no `revision`: it is empty. */
interface DebianVersion {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

/** dpkg reads the epoch as C's int. */
const HIGHEST_EPOCH = 2 ** 31 - 1;

/** dpkg lets colons into the upstream version where there is an epoch; without one, the first colon ends the epoch. */
const UPSTREAM = /^[0-9][A-Za-z0-9.+~:-]*$/;
const REVISION = /^[A-Za-z0-9.+~]+$/;

/**
 * Reads `[epoch:]upstream-version[-debian-revision]` (Debian Policy 5.6.12), such as `1:2.4.1-3+deb12u1`: what dpkg
 * installs without a warning. Without an epoch it is 0.
 * @throws RangeError naming the text, its part that is wrong, and what would be valid
 */
export function parseDebianVersion(text: string): DebianVersion {
  const { epoch: written, version: upstream, release: revision } = splitVersion(text);
  const epoch = toEpoch(written, HIGHEST_EPOCH);
  if (epoch === undefined) throw invalid(text, `the epoch "${written}"`, `a whole number from 0 to ${HIGHEST_EPOCH}`);
  if (!UPSTREAM.test(upstream)) {
    throw invalid(text, `the upstream version "${upstream}"`, "a digit, then letters, digits and . + - ~ :");
  }
  if (revision !== undefined && !REVISION.test(revision)) {
    throw invalid(text, `the revision "${revision}"`, "one or more letters, digits and . + ~");
  }
  return { epoch, upstream, revision: revision ?? "" };
}

const invalid = (text: string, found: string, valid: string): RangeError =>
  new RangeError(
    `"${text}" is no Debian version: ${found} is not ${valid}. ` +
      "Valid is [epoch:]upstream[-revision], as 1:2.4.1-3+deb12u1.",
  );

/**
 * Which of two is newer, as `dpkg --compare-versions` says. Different texts can be equal: `1.0` and `0:1.00-0` are.
 * @throws RangeError as `parseDebianVersion`
 */
export function compareDebianVersions(a: string, b: string): Order {
  const left = parseDebianVersion(a);
  const right = parseDebianVersion(b);
  return (
    order(left.epoch, right.epoch) ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

/** Something that is no number, then a number, both perhaps empty, over and over: the first difference decides. */
function comparePart(a: string, b: string): Order {
  const left = [...a.matchAll(/(\D*)(\d*)/g)];
  const right = [...b.matchAll(/(\D*)(\d*)/g)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [, leftText = "", leftDigits = ""] = left[at] ?? [];
    const [, rightText = "", rightDigits = ""] = right[at] ?? [];
    const decided = compareText(leftText, rightText) || orderDigits(leftDigits, rightDigits);
    if (decided !== 0) return decided;
  }
  return 0;
}

/** Character by character, to the end of the longer one. */
function compareText(a: string, b: string): Order {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const decided = order(weight(a[at]), weight(b[at]));
    if (decided !== 0) return decided;
  }
  return 0;
}

/** Oldest first: `~`, the end, letters, all else. */
function weight(character: string | undefined): number {
  if (character === "~") return -1;
  if (character === undefined) return 0;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
