import type { Blueprint } from "embedded-aws/deploy";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import { type Check, fails, fine, unknown } from "../../../core/factory/preflight/check.ts";
import type { Finding } from "../finding.ts";

/** AWS clients with the deployer's credentials. */
export type ClientIn = <Client extends object>(
  Class: new (config: { readonly region: string }) => Client,
  region: string,
) => Client;

export interface Asked {
  readonly factory: Factory;
  readonly blueprint: Blueprint;
  readonly account: string;
  /** ARN of the credentials. */
  readonly caller: string;
  readonly client: ClientIn;
}

/** One check that calls AWS. */
export interface AwsCheck {
  readonly check: string;
  readonly where: string;
  /** The IAM actions that it needs, for the message if denied. */
  readonly actions: string;
  readonly run: () => Promise<readonly Check[]>;
}

/** Error names that services use for denied access. */
const REFUSALS = /^(AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized|AccessDeniedException)/;

/** The results of all checks, in order; denied access gives `unknown`. @throws any other error */
export async function runAll(planned: readonly AwsCheck[]): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { check, where, actions, run } of planned) {
    try {
      checks.push(...(await run()));
    } catch (error) {
      if (!(error instanceof Error) || !REFUSALS.test(error.name)) throw error;
      checks.push(
        unknown({ check, where }, `access denied: ${error.message}`, `use credentials that may call ${actions}`),
      );
    }
  }
  return checks;
}

const DENIED = "access denied: ";

/** Converts findings of `amint validate` to checks. */
export function fromFindings(
  check: string,
  where: string,
  right: string,
  breaks: string,
  findings: readonly Finding[],
): Check[] {
  if (findings.length === 0) return [fine({ check, where }, right)];
  return findings.map((one) =>
    one.what.startsWith(DENIED)
      ? unknown({ check, where: one.where }, `access denied: ${one.what.slice(DENIED.length)}`, one.fix)
      : fails({ check, where: one.where }, one.what, breaks, one.fix),
  );
}
