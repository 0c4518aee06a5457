/** One result of `amint preflight`. */
export interface Check {
  /** What was checked: `inspector`, `parent`. */
  readonly check: string;
  /** A config path, or a place. */
  readonly where: string;
  /** `unknown`: access denied. */
  readonly verdict: "fine" | "fails" | "unknown";
  readonly found: string;
  /** What would fail. */
  readonly breaks?: string;
  /** A command, or a config change. */
  readonly fix?: string;
}

type Subject = Pick<Check, "check" | "where">;

export const fine = (subject: Subject, found: string): Check => ({ ...subject, verdict: "fine", found });

export const fails = (subject: Subject, found: string, breaks: string, fix: string): Check => ({
  ...subject,
  verdict: "fails",
  found,
  breaks,
  fix,
});

export const unknown = (subject: Subject, found: string, fix: string): Check => ({
  ...subject,
  verdict: "unknown",
  found,
  fix,
});

/** 0: all fine; 1: something would fail; 2: no failures found, but some checks were denied access. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 | 2 {
  if (checks.some(({ verdict }) => verdict === "fails")) return 1;
  return checks.some(({ verdict }) => verdict === "unknown") ? 2 : 0;
}
