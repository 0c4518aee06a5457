import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../adapters/functions.ts";
import { heldIn } from "../../core/channel/regions.ts";
import type { DriftCheck } from "../../core/repair/decide-drift-check.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { ComparedRings } from "../channel/read-mirrored.ts";
import { inTurn } from "../in-turn.ts";
import { compareKeys, compareRepositoryPolicies } from "./compare-policies.ts";
import type { RepairInvocation } from "./repair.ts";
import { repairParameterShares, repairParameters } from "./repair-parameters.ts";
import { repairRepositories } from "./repair-repositories.ts";
import { repairShares } from "./repair-shares.ts";
import { everything, type Known, type KnownBuilds, type Scope } from "./scope.ts";

/** Compares everything that channels publish with AWS. @returns how many differences were new */
export function compareChannels(known: KnownBuilds, scope: Scope, invocation: RepairInvocation): Promise<number> {
  return inTurn({
    parameters: () => repairParameters(known, scope, invocation),
    shares: () => repairShares(known, scope, invocation),
    repositories: () => repairRepositories(known, scope, invocation),
    parameterShares: () => repairParameterShares(known, scope, invocation),
    repositoryPolicies: () => compareRepositoryPolicies(known, scope, invocation),
  });
}

/** Compares everything, including the keys. @returns how many differences were new */
export const compareAll = (known: KnownBuilds, invocation: RepairInvocation): Promise<number> =>
  inTurn({
    channels: () => compareChannels(known, everything(invocation), invocation),
    keys: () => compareKeys(known, everything(invocation), invocation),
  });

/** Compares one part. @returns how many differences were new */
export async function runDriftCheck(check: DriftCheck, known: Known, invocation: RepairInvocation): Promise<number> {
  const scope = scopeOf(check, known.states);
  switch (check.kind) {
    case "ami":
      return repairShares(known, scope, invocation);
    case "parameter": {
      const repaired = await repairParameters(known, scope, invocation);
      // RAM drops a deleted parameter from its shares.
      return repaired > 0 ? repaired + (await repairParameterShares(known, scope, invocation)) : 0;
    }
    case "parameter-shares":
      return repairParameterShares(known, scope, invocation);
    case "repository-policy":
      return compareRepositoryPolicies(known, scope, invocation);
    case "key":
      return compareKeys(known, scope, invocation);
    case "grants":
      await askOrganization(invocation);
      return 0;
  }
}

export function scopeOf(check: DriftCheck, states: Known["states"]): Scope {
  return { regions: [check.region], covers: covering(check, states) };
}

function covering(check: DriftCheck, states: Known["states"]): (at: ChannelOf) => boolean {
  switch (check.kind) {
    case "ami":
      return ({ image, channel }) => heldIn(states.get(image)?.channels[channel], check.region)?.amiId === check.ami;
    case "parameter":
    case "repository-policy":
      return ({ image, channel }) => image === check.image && channel === check.channel;
    case "parameter-shares":
      return () => true;
    case "key":
    case "grants":
      return () => false;
  }
}

/** The first word of the differences that a check reports. */
export const FINDS: Readonly<Record<DriftCheck["kind"], string>> = {
  ami: "shares",
  parameter: "parameter",
  "parameter-shares": "parameter-share",
  "repository-policy": "repository-policy",
  key: "key",
  grants: "grants",
};

/**
 * Invokes the reader of the organization and what depends on it: copies of parameters, grants for Auto Scaling.
 * @param rings also compare the rings' parameters: in all accounts, or in those whose turn it is
 * @param known the organization need not be read again
 */
export const askOrganization = (
  { client, settings, now }: RepairInvocation,
  { rings, known = false }: { readonly rings?: ComparedRings; readonly known?: boolean } = {},
): Promise<void> =>
  invokeLater(client(LambdaClient), settings.env.FOLLOW_ORGANIZATION_FUNCTION, {
    scheduledTime: now.toISOString(),
    ...(rings && { rings }),
    ...(known && { known }),
  });
