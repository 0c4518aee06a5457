import { DescribeRegionsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { DescribeEventBusCommand, type EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KeyMetadata,
  type KMSClient,
} from "@aws-sdk/client-kms";
import { unlessError } from "../../adapters/unless-error.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { busName } from "../../core/names.ts";
import { forwarderName } from "../../core/organization/management-side.ts";
import { checkKeyPolicy } from "../../core/share/key-policy.ts";
import { type Finding, unlessRefused } from "./finding.ts";

const DEPLOY = "deploy the factory again";

/**
 * Checks that the factory's key in each region exists, has the right type, is rotated, and is usable by the organization.
 * @param deployed if false, only keys that the config names can exist
 */
export async function checkKeys(
  factory: Factory,
  kms: (region: string) => KMSClient,
  deployed: boolean,
): Promise<Finding[]> {
  const { keys = {}, name, organization } = factory;
  const found = await Promise.all(
    factory.regions.map((region) => {
      const given = keys[region];
      if (given === undefined && !deployed) return [];
      const key = given ?? `alias/amint-${name}-images`;
      const where = given ? `keys.${region}` : `${key} in ${region}`;
      const fix = "use credentials that may read keys";
      return unlessRefused({ where, fix }, () => checkKey(where, key, kms(region), organization.id));
    }),
  );
  return found.flat();
}

async function checkKey(where: string, named: string, kms: KMSClient, organization: string): Promise<Finding[]> {
  const key = await describe(kms, named);
  const change = where.startsWith("keys.") ? "change the key, or name another one in factory.config.ts" : DEPLOY;
  if (!key) return [{ where, what: "does not exist: images cannot be encrypted in the region", fix: change }];
  const { KeyId, Arn = "", KeyState, MultiRegion } = key;
  const says = (what: string, fix = change): Finding => ({ where, what: `${Arn} ${what}`, fix });
  const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
  const { Policy = "{}" } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
  const lacking = checkKeyPolicy(Policy, organization);
  return [
    ...(KeyState === "Enabled" ? [] : [says(`is ${KeyState}`, stateFix(KeyState, Arn))]),
    ...(MultiRegion ? [says("is a multi-Region key: its copies would share what one of them gives away")] : []),
    ...(KeyRotationEnabled ? [] : [says("is not rotated", `aws kms enable-key-rotation --key-id ${Arn}`)]),
    ...(lacking.length > 0 ? [says(`does not let the organization ${organization} do: ${lacking.join(", ")}`)] : []),
  ];
}

const stateFix = (state: KeyMetadata["KeyState"], arn: string): string =>
  state === "PendingDeletion"
    ? `aws kms cancel-key-deletion --key-id ${arn}, then aws kms enable-key --key-id ${arn}`
    : `aws kms enable-key --key-id ${arn}`;

const describe = async (kms: KMSClient, KeyId: string): Promise<KeyMetadata | undefined> =>
  (await unlessError(kms.send(new DescribeKeyCommand({ KeyId })), /^NotFoundException$/))?.KeyMetadata;

/** Finds the factory's bus, which exists once the factory is deployed. */
export async function findBus(factory: Factory, events: EventBridgeClient): Promise<{ policy: string } | undefined> {
  const describe = new DescribeEventBusCommand({ Name: busName(factory.name) });
  const bus = await unlessError(events.send(describe), /^ResourceNotFoundException$/);
  return bus && { policy: bus.Policy ?? "" };
}

/**
 * Checks the factory's side of event forwarding from Organizations. The rule in the management account is not visible
 * from here; without it, changes are found at the next read of the organization.
 */
export async function checkForwarding(
  factory: Factory,
  events: EventBridgeClient,
  bus: { readonly policy: string },
): Promise<Finding[]> {
  const name = busName(factory.name);
  const where = `bus ${name} in ${factory.buildRegion}`;
  const fix = "deploy the factory again";
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName: name }));
  const follows = Rules.find(({ EventPattern = "" }) => EventPattern.includes('"aws.organizations"'));
  const forwarder = forwarderName(factory.name);
  return [
    ...(bus.policy.includes(`:role/${forwarder}`)
      ? []
      : [{ where, what: `takes no events from the management account's role ${forwarder}`, fix }]),
    ...(follows?.State === "ENABLED"
      ? []
      : [
          {
            where,
            what: "has no enabled rule for changes of the organization: they are found only when it is read",
            fix,
          },
        ]),
  ];
}

/** Finds regions of the config that do not exist or are disabled in the factory's account. */
export async function checkRegions({ regions }: Pick<Factory, "regions">, ec2: EC2Client): Promise<Finding[]> {
  const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
  const statuses = new Map(Regions.map(({ RegionName, OptInStatus }) => [RegionName, OptInStatus]));
  return regions.flatMap((region, nth): Finding[] => {
    const where = `regions[${nth}]`;
    const status = statuses.get(region);
    if (status === undefined) {
      return [{ where, what: `AWS has no region "${region}"`, fix: "change it in factory.config.ts" }];
    }
    if (status !== "not-opted-in") return [];
    const fix = `aws account enable-region --region-name ${region}, and in accounts that launch there`;
    return [{ where, what: `the region ${region} is disabled in the factory's account`, fix }];
  });
}
