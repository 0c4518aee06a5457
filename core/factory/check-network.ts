import type { Factory } from "./factory-schema.ts";

/** Contradictions between networks, roles and accounts. */
export function checkNetwork(factory: Factory): string[] {
  return [...checkImageNetworks(factory), ...checkAccounts(factory), ...checkConsumerSubnets(factory)];
}

const checkImageNetworks = ({ network, images }: Factory): string[] =>
  network
    ? []
    : Object.entries(images).flatMap(([name, image]) =>
        image.network && !image.network.vpcId
          ? [`images.${name}.network.vpcId: expected a VPC, because the factory has no network`]
          : [],
      );

/** The account of an IAM ARN; undefined for a name, and for AWS's own policies. */
const accountOf = (arn: string): string | undefined => /^arn:[^:]+:iam::(\d{12}):/.exec(arn)?.[1];

/** Where the config names the factory's account: `account`, and ARNs. */
const namedAccounts = (factory: Factory) => [
  ...(factory.account === undefined ? [] : [{ at: "account", account: factory.account }]),
  ...(["instanceRole", "executionRole", "permissionsBoundary"] as const).flatMap((at) => {
    const account = accountOf(factory[at] ?? "");
    return account === undefined ? [] : [{ at, account }];
  }),
];

/** The factory's account and the key that names it; undefined if the config does not name it. */
export const namedAccount = (factory: Factory) => namedAccounts(factory)[0];

/** The account to use without AWS: the config's, else one from AWS's examples. */
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
 * Keys that name another account than the factory's: IAM passes roles within one account only, and a boundary belongs to the
 * role's account or to AWS.
 */
export const findForeignArns = (factory: Factory, account: string): { at: string; account: string }[] =>
  namedAccounts(factory).filter((one) => one.account !== account);

/** A subnet in an account in which nothing is launched would never be used. */
function checkConsumerSubnets({ consumers, regions }: Factory): string[] {
  if (!consumers) return [];
  const { verify, canary, subnets } = consumers;
  const asked = [...new Set([...verify, ...(canary ? [canary.account] : [])])];
  return Object.entries(subnets).flatMap(([account, where]) => [
    ...(account === "*" || asked.includes(account)
      ? []
      : [
          `consumers.subnets["${account}"]: expected "*" or an account of consumers.verify or consumers.canary (${asked.join(", ")}), found "${account}"`,
        ]),
    ...("tag" in where ? [] : Object.keys(where))
      .filter((region) => !regions.includes(region))
      .map(
        (region) =>
          `consumers.subnets["${account}"]["${region}"]: expected one of ${regions.join(", ")}, found "${region}"`,
      ),
  ]);
}
