import type { RenamedKey } from "../../core/factory/renamed-keys.ts";

/** A problem that would surface later. */
export interface Finding {
  /** A path of the config, or a place: `us-east-1`, `organization o-exampleorgid`. */
  readonly where: string;
  readonly what: string;
  /** The fix: a command, or a config change. */
  readonly fix: string;
  /** Position in a component document; line and column start at 1. */
  readonly place?: { readonly document: string; readonly line: number; readonly column: number };
  /** Nothing fails because of it; the exit code stays 0. */
  readonly warning?: true;
}

/** A config error, whose text contains its location. */
export function configFinding(fault: string): Finding {
  const end = fault.indexOf(": ");
  const what = fault.slice(end + 2);
  const fix = what.startsWith("unknown key") ? "remove it, or correct its name" : "change it in factory.config.ts";
  return { where: fault.slice(0, end), what, fix };
}

/** The config uses a key's former name. */
export const renamedFinding = ({ from, to, since, gone }: RenamedKey): Finding => ({
  where: from,
  what: `is called ${to} since version ${since}; the former name works until version ${gone}`,
  fix: "rename it in factory.config.ts",
  warning: true,
});

/** Error names that services use for denied access. */
const REFUSALS = /^(AccessDenied|UnauthorizedOperation|AuthorizationError)/;

/** The findings, or one that access was denied. @throws all other errors */
export async function unlessRefused(
  refused: Omit<Finding, "what">,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Error) || !REFUSALS.test(error.name)) throw error;
    return [{ ...refused, what: `access denied: ${error.message}` }];
  }
}
