import type { Factory } from "./factory-schema.ts";

/** Faults of networks, roles and tags that no part of them shows alone. */
export function checkNetwork(factory: Factory): string[] {
  return [...checkImageNetworks(factory), ...checkAccounts(factory), ...checkConsumerSubnets(factory)];
}

const checkImageNetworks = ({ network, images }: Factory): string[] =>
  network
    ? []
    : Object.entries(images).flatMap(([name, image]) =>
        image.network && !image.network.vpcId
          ? [`images.${name}.network.vpcId: expected a VPC, because the factory has no network that it could override`]
          : [],
      );

/** IAM passes roles within one account, and takes a boundary of the role's own account or of AWS. */
function checkAccounts({ instanceRole, executionRole, permissionsBoundary }: Factory): string[] {
  const named = Object.entries({ instanceRole, executionRole, permissionsBoundary }).flatMap(([at, arn]) => {
    const account = arn && accountOf(arn);
    return account ? [{ at, account }] : [];
  });
  const [first] = named;
  if (!first) return [];
  return named
    .filter(({ account }) => account !== first.account)
    .map(
      ({ at, account }) =>
        `${at}: expected an ARN of the factory's account, which is ${first.account} in ${first.at}, found account ${account}`,
    );
}

/** Undefined of a name, and of AWS's own policies. */
export const accountOf = (arn: string): string | undefined => /^arn:[^:]+:iam::(\d{12}):/.exec(arn)?.[1];

/** A subnet of an account that is not asked would never be used. */
function checkConsumerSubnets({ consumers, regions }: Factory): string[] {
  if (!consumers) return [];
  const { verify, canary, subnets } = consumers;
  const asked = [...new Set([...verify, ...(canary ? [canary.account] : [])])];
  return Object.entries(subnets).flatMap(([account, where]) => [
    ...(account === "*" || asked.includes(account)
      ? []
      : [`consumers.subnets["${account}"]: expected "*", or an account of verify or canary: ${asked.join(", ")}`]),
    ...("tag" in where ? [] : Object.keys(where))
      .filter((region) => !regions.includes(region))
      .map((region) => `consumers.subnets["${account}"]["${region}"]: expected one of ${regions.join(", ")}`),
  ]);
}
