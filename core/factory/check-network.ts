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

/** The account of an IAM ARN; undefined of a name, and of AWS's own policies. */
const accountOf = (arn: string): string | undefined => /^arn:[^:]+:iam::(\d{12}):/.exec(arn)?.[1];

/** Where the config names the factory's account: by itself, and in ARNs. */
const namedAccounts = (factory: Factory) => [
  ...(factory.account === undefined ? [] : [{ at: "account", account: factory.account }]),
  ...(["instanceRole", "executionRole", "permissionsBoundary"] as const).flatMap((at) => {
    const account = accountOf(factory[at] ?? "");
    return account === undefined ? [] : [{ at, account }];
  }),
];

/** The factory's account and the setting that names it; undefined where the config leaves it open. */
export const namedAccount = (factory: Factory) => namedAccounts(factory)[0];

/** The account that a factory has without an AWS account: the config's, or else a number from AWS's own examples. */
export const accountWithoutAws = (factory: Factory): string => namedAccount(factory)?.account ?? "111122223333";

function checkAccounts(factory: Factory): string[] {
  const first = namedAccount(factory);
  if (!first) return [];
  const theirs = `the factory's account, which is ${first.account} in ${first.at}`;
  return findForeignArns(factory, first.account).map(
    ({ at, account }) => `${at}: expected an ARN of ${theirs}, found account ${account}`,
  );
}

/**
 * Settings that name another account than the factory's: IAM passes roles within one account, and takes a boundary of
 * the role's own account or of AWS.
 */
export const findForeignArns = (factory: Factory, account: string): { at: string; account: string }[] =>
  namedAccounts(factory).filter((one) => one.account !== account);

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
