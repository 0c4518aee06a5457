import { accountPrincipal, createAws, VirtualClock } from "embedded-aws";
import { type Blueprint, deploy } from "embedded-aws/deploy";
import { seedOrganization, seedPublicImages, seedPublicTopics } from "embedded-aws/seeds";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import { ORGANIZATIONS_REGION } from "../../../core/organization/management-side.ts";
import { optionsInProcess } from "../../../local/boot/client-options.ts";
import { seedParents } from "../../../local/boot/prerequisites.ts";
import { setUpManagementAccount } from "../../../local/boot/set-up-management-account.ts";
import { root } from "../../../stacks/blueprint/project.ts";

/**
 * The actions that a deployment needs, each with its resources: those that IAM evaluates in an embedded deployment of the
 * same resources. Excludes reads by the deployment engine, and organization policies.
 */
export async function rightsOfDeployment(factory: Factory, blueprint: Blueprint): Promise<Rights> {
  const rights = new Map<string, Set<string>>();
  const { account, partition, buildRegion, resources } = blueprint;
  const clock = new VirtualClock(0);
  const aws = createAws({
    clock,
    authorizer: {
      authorize({ principal: caller }, { action, resources: asked, as: principal = caller }) {
        // Actions of services and of the management account need no rights of the deployer.
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
  await seedParents(aws, { factory, account });
  const management = optionsInProcess(aws, managementAccountId, ORGANIZATIONS_REGION);
  await setUpManagementAccount({ factory, account, partition }, management, () => clock.runUntil(clock.now() + 5_000));
  const caller = { principal: accountPrincipal(account), region: buildRegion };
  for (const role of [factory.instanceRole, factory.executionRole]) {
    if (role === undefined) continue;
    const RoleName = role.slice(role.lastIndexOf("/") + 1);
    await aws.call("iam", "CreateRole", { RoleName, AssumeRolePolicyDocument: trustInServices }, caller);
  }
  rights.clear();
  for (const action of ["ec2:DescribeVpcs", "ec2:DescribeSubnets"]) rights.set(action, new Set(["*"]));
  const inDefaultVpc = withoutAccount(blueprint);
  // Resources outside the stack, such as the config's keys, do not exist here.
  const incomplete = await deploy(aws, inDefaultVpc, { root, secrets: secretsOf(blueprint) }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { actions: rights, ...(incomplete !== undefined && { incomplete }) };
}

/** Trust policy for the roles that the config names. */
const trustInServices = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: ["ec2.amazonaws.com", "imagebuilder.amazonaws.com"] },
      Action: "sts:AssumeRole",
    },
  ],
});

interface Rights {
  /** By action: ARNs, or `*`. */
  readonly actions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Why the list may be incomplete. */
  readonly incomplete?: string;
}

/** The blueprint without references to existing networks and boundaries. */
function withoutAccount(blueprint: Blueprint): Blueprint {
  const resources = blueprint.resources
    .filter(({ type }) => !/^aws:ec2\/get(Vpc|Subnet|SecurityGroup):/.test(type))
    .map((resource) => {
      const { vpcId: _vpc, subnetId: _subnet, permissionsBoundary: _boundary, ...inputs } = resource.inputs;
      const { securityGroupIds } = inputs as { securityGroupIds?: string[] };
      const lookedUp = securityGroupIds?.some((id) => !id.startsWith("${BuildInstances"));
      return { ...resource, inputs: lookedUp ? { ...inputs, securityGroupIds: undefined } : inputs };
    });
  return { ...blueprint, resources };
}

/** Grants of the stack's roles: each action's resources, as far as known before the deployment. */
export function grantsOfRoles({ resources }: Blueprint): Map<string, Set<string>> {
  const grants = new Map<string, Set<string>>();
  for (const { type, inputs } of resources) {
    if (type !== "aws:iam/role:Role") continue;
    for (const { policy } of (inputs.inlinePolicies ?? []) as { policy: { Statement: Statement[] } }[]) {
      for (const { Action, Resource } of policy.Statement) {
        for (const action of [Action].flat().filter((one) => !/[*?]/.test(one))) {
          const known = grants.get(action) ?? new Set();
          for (const resource of [Resource].flat()) if (!resource.includes("${")) known.add(resource);
          if (known.size > 0) grants.set(action, known);
        }
      }
    }
  }
  return grants;
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

/** Placeholders: their values do not affect the required actions. */
function secretsOf(blueprint: Blueprint): Record<string, string> {
  const names = [...JSON.stringify(blueprint).matchAll(/\$\{secret\.(\w+)\}/g)].map(([, name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, "{}"]));
}
