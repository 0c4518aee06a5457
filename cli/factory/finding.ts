import type { RenamedKey } from "../../core/factory/renamed-keys.ts";

/** Something that would go wrong later, found now. */
export interface Finding {
  /** A path of the config, or a place: `us-east-1`, `organization o-exampleorgid`. */
  readonly where: string;
  readonly what: string;
  /** What a person does about it: a command, or a change of the config. */
  readonly fix: string;
  /** Of a component document. Line and column count from 1. */
  readonly place?: { readonly document: string; readonly line: number; readonly column: number };
  /** Nothing fails by it: the exit code stays 0. */
  readonly warning?: true;
}

/** A fault of the config, which says where it is itself. */
export function configFinding(fault: string): Finding {
  const end = fault.indexOf(": ");
  const what = fault.slice(end + 2);
  const fix = what.startsWith("unknown key") ? "remove it, or correct its name" : "change it in factory.config.ts";
  return { where: fault.slice(0, end), what, fix };
}

/** A former name of a key that the config uses. */
export const renamedFinding = ({ from, to, since, gone }: RenamedKey): Finding => ({
  where: from,
  what: `is called ${to} since version ${since}; the former name works until version ${gone}`,
  fix: "rename it in factory.config.ts",
  warning: true,
});

/** Refusals of who asks, by the names that services give them. */
const REFUSALS = /^(AccessDenied|UnauthorizedOperation|AuthorizationError)/;

/** The findings, or that AWS denied access. @throws all other errors */
export async function unlessRefused(
  refused: Omit<Finding, "what">,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Error) || !REFUSALS.test(error.name)) throw error;
    return [{ ...refused, what: `access denied: ${error.message}` }];
  }
}
