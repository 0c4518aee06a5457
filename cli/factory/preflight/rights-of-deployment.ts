import { createAws, endpointOf, inProcessHandler, VirtualClock } from "embedded-aws";
import { type Blueprint, deploy } from "embedded-aws/deploy";
import { seedOrganization, seedPublicImages, seedPublicTopics } from "embedded-aws/seeds";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import { ORGANIZATIONS_REGION } from "../../../core/organization/management-side.ts";
import { root } from "../../command/blueprint.ts";
import { clientOptions } from "../../local/client-options.ts";
import { setUpEmbedded } from "../../organization/set-up-embedded.ts";

/**
 * The actions that a deployment takes, each with its resources: what an embedded deployment of the same resources asks IAM
 * for. What the deployment engine reads, and what organization policies refuse, is not in it.
 */
export async function rightsOfDeployment(factory: Factory, blueprint: Blueprint): Promise<Map<string, Set<string>>> {
  const rights = new Map<string, Set<string>>();
  const { account, partition, buildRegion, resources } = blueprint;
  const clock = new VirtualClock(0);
  const aws = createAws({
    clock,
    authorizer: {
      authorize({ principal }, { action, resources: asked }) {
        // What services and the management account do is not the deployer's to be allowed.
        if (principal.kind !== "account" || principal.account !== account) return;
        const known = rights.get(action) ?? new Set();
        for (const resource of asked) known.add(resource);
        rights.set(action, known);
      },
    },
  });
  const { id, rootId, managementAccountId } = factory.organization;
  const unit = (name: string) => ({ id: name, name, accounts: [] });
  seedOrganization(aws, {
    id,
    ...(rootId && { rootId }),
    management: { id: managementAccountId, name: "management" },
    ...(account !== managementAccountId && { accounts: [{ id: account, name: "factory" }] }),
    units: [...new Set(JSON.stringify(blueprint).match(/\bou-[0-9a-z]{4,32}-[0-9a-z]{8,32}\b/g) ?? [])].map(unit),
  });
  seedPublicImages(aws, [...new Set([buildRegion, ...resources.map(({ region }) => region)])]);
  seedPublicTopics(aws);
  const management = {
    ...clientOptions(endpointOf(aws), managementAccountId, ORGANIZATIONS_REGION),
    requestHandler: inProcessHandler(aws),
  };
  await setUpEmbedded({ factory, account, partition }, management, () => clock.runUntil(clock.now() + 5_000));
  rights.clear();
  await deploy(aws, blueprint, { root, secrets: secretsOf(blueprint) });
  return rights;
}

/** Placeholders: their values change nothing of what is asked for. */
function secretsOf(blueprint: Blueprint): Record<string, string> {
  const names = [...JSON.stringify(blueprint).matchAll(/\$\{secret\.(\w+)\}/g)].map(([, name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, "{}"]));
}
