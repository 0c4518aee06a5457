/** The package manager of an image. */
export type PackageManager = "rpm" | "dpkg" | "windows";

/**
 * Compares two versions of a package by its manager's rules: -1 if the first is older, 1 if it is newer, 0 if equal.
 * Versions are `[epoch:]version-release` (rpm), Debian versions or Windows builds; the function throws RangeError for any other text.
 */
export function versionComparer(manager: PackageManager): (a: string, b: string) => Order {
  switch (manager) {
    case "rpm":
      return (a, b) => compareEvr(parseEvr(a), parseEvr(b));
    case "dpkg":
      return compareDebianVersions;
    case "windows":
      return compareWindowsBuilds;
  }
}

/**
 * Compares two Windows builds: four numbers, the last of which is the update build revision (UBR).
 * @throws RangeError
 */
function compareWindowsBuilds(a: string, b: string): Order {
  const [left, right] = [a, b].map(parseWindowsBuild);
  const at = left?.findIndex((number, n) => number !== right?.[n]) ?? -1;
  return at < 0 ? 0 : order(left?.[at] ?? 0, right?.[at] ?? 0);
}

/** Reads `10.0.20348.2966`, the major and minor version, the build and its revision (UBR). @throws RangeError */
function parseWindowsBuild(text: string): number[] {
  if (/^\d{1,9}(\.\d{1,9}){3}$/.test(text)) return text.split(".").map(Number);
  throw new RangeError(
    `"${text}" is not a Windows build. Expected four numbers, major.minor.build.revision, such as 10.0.20348.2966.`,
  );
}

/** Epoch, version and release of an RPM. Every package has a release; an empty `release` is unknown. */
interface Evr {
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
}

/** RPM keeps epochs in 32 bits. */
const HIGHEST_RPM_EPOCH = 2 ** 32 - 1;

/** The characters that rpmbuild allows in a version and a release. Undefined macros of a spec file leave `%{}`. */
const PART = /^[A-Za-z0-9._+~^%{}]+$/;

/**
 * Parses `[epoch:]version[-release]`, such as `1:3.0.8-1.amzn2023.0.4`. The default epoch is 0.
 * @throws RangeError naming the text, the invalid part, and what would be valid
 */
export function parseEvr(text: string): Evr {
  const { epoch: written, version, release } = splitVersion(text);
  const epoch = toEpoch(written, HIGHEST_RPM_EPOCH);
  if (epoch === undefined)
    throw invalidRpmVersion(text, `the epoch "${written}"`, `a whole number from 0 to ${HIGHEST_RPM_EPOCH}`);
  if (!PART.test(version)) throw invalidRpmVersion(text, `the version "${version}"`, PART_IN_WORDS);
  if (release !== undefined && !PART.test(release))
    throw invalidRpmVersion(text, `the release "${release}"`, PART_IN_WORDS);
  return { epoch, version, release: release ?? "" };
}

const PART_IN_WORDS = "one or more letters, digits and . _ + ~ ^ % { }";

const invalidRpmVersion = (text: string, found: string, valid: string): RangeError =>
  new RangeError(
    `"${text}" is not an RPM version: ${found} is not ${valid}. Expected [epoch:]version[-release], such as 1:3.0.8-1.amzn2023.0.4.`,
  );

/** The shortest text that `parseEvr` parses to the same value. */
export function formatEvr({ epoch, version, release }: Evr): string {
  return `${epoch > 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`;
}

/**
 * Compares two versions as rpm 4.15 and later do (earlier ones do not support `^`). Different texts can be equal: `1.0` and
 * `1_00` are. An unknown release is older than any known one.
 */
export function compareEvr(a: Evr, b: Evr): Order {
  return (
    order(a.epoch, b.epoch) ||
    compareSegments(a.version, b.version) ||
    order(Number(a.release !== ""), Number(b.release !== "")) ||
    compareSegments(a.release, b.release)
  );
}

/** Runs of digits, runs of letters, each `~` and each `^`. Everything else separates segments. */
const SEGMENT = /\d+|[A-Za-z]+|~|\^/g;

/** rpmvercmp: the first different segments decide. The end of the shorter text counts as a segment. */
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

/** The parts of a Debian version. Packages that are native to Debian have an empty `revision`. */
interface DebianVersion {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

/** dpkg parses the epoch as a C int. */
const HIGHEST_DEBIAN_EPOCH = 2 ** 31 - 1;

/** dpkg allows colons in the upstream version only after an epoch: the first colon ends the epoch. */
const UPSTREAM = /^[0-9][A-Za-z0-9.+~:-]*$/;

const REVISION = /^[A-Za-z0-9.+~]+$/;

/**
 * Parses `[epoch:]upstream-version[-debian-revision]` (Debian Policy 5.6.12), such as `1:2.4.1-3+deb12u1`, as dpkg accepts
 * it without a warning. The default epoch is 0.
 * @throws RangeError naming the text, the invalid part, and what would be valid
 */
export function parseDebianVersion(text: string): DebianVersion {
  const { epoch: written, version: upstream, release: revision } = splitVersion(text);
  const epoch = toEpoch(written, HIGHEST_DEBIAN_EPOCH);
  if (epoch === undefined)
    throw invalidDebianVersion(text, `the epoch "${written}"`, `a whole number from 0 to ${HIGHEST_DEBIAN_EPOCH}`);
  if (!UPSTREAM.test(upstream)) {
    throw invalidDebianVersion(
      text,
      `the upstream version "${upstream}"`,
      "a digit, then letters, digits and . + - ~ :",
    );
  }
  if (revision !== undefined && !REVISION.test(revision)) {
    throw invalidDebianVersion(text, `the revision "${revision}"`, "one or more letters, digits and . + ~");
  }
  return { epoch, upstream, revision: revision ?? "" };
}

const invalidDebianVersion = (text: string, found: string, valid: string): RangeError =>
  new RangeError(
    `"${text}" is not a Debian version: ${found} is not ${valid}. ` +
      "Expected [epoch:]upstream[-revision], such as 1:2.4.1-3+deb12u1.",
  );

/**
 * Compares two versions as `dpkg --compare-versions` does. Different texts can be equal: `1.0` and `0:1.00-0` are.
 * @throws RangeError as `parseDebianVersion`
 */
function compareDebianVersions(a: string, b: string): Order {
  const left = parseDebianVersion(a);
  const right = parseDebianVersion(b);
  return (
    order(left.epoch, right.epoch) ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

/** Compares alternating non-digits and numbers, each possibly empty: the first difference decides. */
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

/** Oldest first: `~`, the end, letters, everything else. */
function weight(character: string | undefined): number {
  if (character === "~") return -1;
  if (character === undefined) return 0;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
/** The unparsed parts of `[epoch:]version[-release]`; rpm and dpkg split versions at the same characters. */
interface VersionParts {
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string | undefined;
}

/** The epoch ends at the first colon; the release (dpkg: revision) starts after the last hyphen. */
function splitVersion(text: string): VersionParts {
  const colon = text.indexOf(":");
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf("-");
  return {
    epoch: colon < 0 ? undefined : text.slice(0, colon),
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    release: hyphen < 0 ? undefined : rest.slice(hyphen + 1),
  };
}

/** The epoch as a number, by default 0; undefined if it is not a whole number, or above `highest`. */
function toEpoch(epoch: string | undefined, highest: number): number | undefined {
  if (epoch === undefined) return 0;
  return /^\d+$/.test(epoch) && Number(epoch) <= highest ? Number(epoch) : undefined;
}
/** The first is older than, equal to, or newer than the second. */
type Order = -1 | 0 | 1;

/** Numbers, or texts by their character codes: the versions' ASCII sorts as C's `strcmp` sorts it. */
function order<T extends number | string>(a: T, b: T): Order {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Compares runs of digits as numbers of any length, without overflow; no digits count as 0. */
function orderDigits(a: string, b: string): Order {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  return order(left.length, right.length) || order(left, right);
}

const withoutZeros = (digits: string): string => digits.replace(/^0+/, "");
