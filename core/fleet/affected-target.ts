/** The subject of `amint affected`. */
export type Target =
  /** A vulnerability: a CVE, or another id that a scan reported. */
  | { readonly kind: "vulnerability"; readonly id: string }
  | { readonly kind: "advisory"; readonly id: string }
  /** With a version: builds that have the package in that version or an older one. */
  | { readonly kind: "package"; readonly name: string; readonly version?: string };

const CVE = /^CVE-\d{4}-\d{4,}$/i;

/** The formats of vendors' advisory ids; an archive's update is `<suite>/<source>/<version>`. */
const ADVISORY_FORMS: readonly RegExp[] = [
  /^ALAS[A-Z0-9.]*(-\d+\.\d+)?-\d{4}-\d+$/i,
  /^USN-\d+-\d+$/i,
  /^(RH|RL|AL|EL)SA-\d{4}[:-]\d+$/i,
  /^SUSE-SU-\d{4}:\d+-\d+$/i,
  /^D[SL]A-\d+(-\d+)?$/i,
  /^KB\d{5,}$/i,
  /^[a-z0-9.-]+\/[^/\s]+\/[^/\s]+$/,
];

const EXAMPLES =
  'a CVE ("CVE-2026-1234"), an advisory ("ALAS2023-2026-1695", "USN-7123-1", "RHSA-2026:1234", "DSA-5678-1", "KB5036909", ' +
  '"noble-security/openssl/3.0.13-0ubuntu3.9"), or an installed package with or without a version ("openssl", "openssl@1:3.0.8-1.amzn2023.0.4")';

/** The names that the factory knows. */
export interface KnownNames {
  /** Ids of advisories, and of vulnerabilities that scans reported. */
  readonly advisories: ReadonlySet<string>;
  readonly vulnerabilities: ReadonlySet<string>;
  readonly hasPackage: (name: string) => boolean;
}

/**
 * Decides what a text names. CVEs and advisory ids are accepted by their format, even if the factory does not know them; a
 * package must be installed in a build.
 * @throws NotATarget
 */
export function findTarget(text: string, known: KnownNames): Target {
  if (CVE.test(text)) return { kind: "vulnerability", id: text.toUpperCase() };
  const isIn = (ids: ReadonlySet<string>) =>
    ids.has(text) ? text : [...ids].find((id) => id.toLowerCase() === text.toLowerCase());
  const advisory = isIn(known.advisories);
  if (advisory !== undefined) return { kind: "advisory", id: advisory };
  const vulnerability = isIn(known.vulnerabilities);
  if (vulnerability !== undefined) return { kind: "vulnerability", id: vulnerability };
  const asPackage = toPackage(text);
  if (known.hasPackage(asPackage.name)) return asPackage;
  if (ADVISORY_FORMS.some((form) => form.test(text))) return { kind: "advisory", id: text };
  throw new NotATarget(text, asPackage);
}

/** @throws NotATarget if the text ends with "@" and has no version */
export function toPackage(text: string): Extract<Target, { kind: "package" }> {
  const at = text.lastIndexOf("@");
  if (at <= 0) return { kind: "package", name: text };
  const [name, version] = [text.slice(0, at), text.slice(at + 1)];
  if (!version) throw new NotATarget(text, { name });
  return { kind: "package", name, version };
}

/** Neither a CVE, an advisory nor a package that a build has. */
class NotATarget extends Error {
  override readonly name = "NotATarget";

  constructor(text: string, { name }: { readonly name: string }) {
    const isVersionMissing = text.endsWith("@") && text.length > 1;
    const why = isVersionMissing
      ? `"${text}" has no version after "@".`
      : `"${text}" is not a CVE or an advisory id, and no build's manifest lists a package "${name}".`;
    super(`${why} Expected ${EXAMPLES}.`);
  }
}

export const sayTarget = (target: Target): string =>
  target.kind === "package" ? `${target.name}${target.version ? `@${target.version}` : ""}` : target.id;
