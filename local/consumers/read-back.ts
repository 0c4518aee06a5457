import {
  type _InstanceType,
  DescribeImagesCommand,
  EC2Client,
  paginateDescribeImages,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { unlessError } from "../../adapters/unless-error.ts";
import { parseImageUri } from "../../core/containers/references.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { channelParameter } from "../../core/names.ts";
import { asAccount, type ClientOptions } from "../boot/client-options.ts";
import { buildOf, mayPull } from "./pull.ts";

/** A channel as consumers see it. */
export interface PublishedChannel {
  readonly image: string;
  readonly channel: string;
  readonly build: string;
  /** By region, its parameter's value: an AMI, or a container image by its digest. */
  readonly amis: Readonly<Record<string, string>>;
  /** The accounts that may launch or pull it in all of its regions. */
  readonly launchableBy: readonly string[];
  /** By account, the regions in which it may launch or pull it. */
  readonly reach: Readonly<Record<string, readonly string[]>>;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Place {
  readonly options: ClientOptions;
  readonly factory: Factory;
  readonly factoryAccount: string;
}

/** Reads each channel back through the SDK: parameters as the factory's account, AMIs and container images as every other account. */
export async function readChannels(place: Place, accounts: readonly string[]): Promise<PublishedChannel[]> {
  const found: Pointed[] = [];
  for (const [image, { channels: configured }] of Object.entries(place.factory.images)) {
    for (const { name } of configured) {
      const pointed = await readPointed(place, image, name);
      if (pointed) found.push(pointed);
    }
  }
  return readReach(place, found, accounts);
}

/** @returns undefined if no region has its parameter */
export async function readChannel(
  place: Place,
  image: string,
  channel: string,
  accounts: readonly string[],
): Promise<PublishedChannel | undefined> {
  const pointed = await readPointed(place, image, channel);
  return pointed && (await readReach(place, [pointed], accounts))[0];
}

type Pointed = Omit<PublishedChannel, "reach" | "launchableBy">;

async function readPointed(place: Place, image: string, channel: string): Promise<Pointed | undefined> {
  const parameter = channelParameter(place.factory.name, image, channel);
  const amis: Record<string, string> = {};
  for (const region of place.factory.regions) {
    const ami = await readAmi(place, region, parameter);
    if (ami) amis[region] = ami;
  }
  if (Object.keys(amis).length === 0) return undefined;
  const parameters = Object.fromEntries(Object.keys(amis).map((region) => [region, parameter]));
  return { image, channel, build: await readBuildTag(place, amis), amis, parameters };
}

/** Asks each account once per region which of the channels' AMIs are shared with it. */
async function readReach(
  place: Place,
  pointed: readonly Pointed[],
  accounts: readonly string[],
): Promise<PublishedChannel[]> {
  const reaches = pointed.map((): Record<string, string[]> => ({}));
  for (const account of accounts) {
    for (const reach of reaches) reach[account] = [];
    for (const region of place.factory.regions) {
      const ec2 = new EC2Client(asAccount(place.options, account, region));
      const ids = pointed.flatMap(({ amis }) => amis[region] ?? []).filter((id) => !parseImageUri(id));
      const shared = await findShared(ec2, ids);
      for (const [nth, { image, amis }] of pointed.entries()) {
        const id = amis[region];
        if (id === undefined) continue;
        const type = instanceTypes[place.factory.images[image]?.architecture ?? "x86_64"];
        const uri = parseImageUri(id);
        const may = uri
          ? await mayPull(account, { options: place.options, region, registryId: place.factoryAccount, uri })
          : shared.has(id) && (await mayRun(ec2, id, type));
        if (may) reaches[nth]?.[account]?.push(region);
      }
    }
  }
  return pointed.map((one, nth) => {
    const reach = reaches[nth] ?? {};
    const regions = Object.keys(one.amis).length;
    return { ...one, reach, launchableBy: accounts.filter((account) => reach[account]?.length === regions) };
  });
}

/** Those of some AMIs that are shared with the account. */
async function findShared(ec2: EC2Client, amis: readonly string[]): Promise<ReadonlySet<string | undefined>> {
  if (amis.length === 0) return new Set();
  const Filters = [{ Name: "image-id", Values: [...new Set(amis)] }];
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ExecutableUsers: ["self"], Filters }));
  return new Set(Images.map(({ ImageId }) => ImageId));
}

/** A parameter's value in the factory's account; undefined if it does not exist. */
export async function readAmi(
  { options, factoryAccount }: Place,
  region: string,
  Name: string,
): Promise<string | undefined> {
  const ssm = new SSMClient(asAccount(options, factoryAccount, region));
  return (await unlessError(ssm.send(new GetParameterCommand({ Name })), /^ParameterNotFound$/))?.Parameter?.Value;
}

async function readBuildTag({ options, factoryAccount }: Place, amis: PublishedChannel["amis"]): Promise<string> {
  const builds = new Set<string>();
  for (const [region, ami] of Object.entries(amis)) {
    const uri = parseImageUri(ami);
    if (uri) {
      builds.add(await buildOf({ options, region, registryId: factoryAccount, uri }));
      continue;
    }
    const ec2 = new EC2Client(asAccount(options, factoryAccount, region));
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ami] }));
    builds.add(Images[0]?.Tags?.find(({ Key }) => Key === "amint:build")?.Value ?? `${ami} without a build tag`);
  }
  return [...builds].join(" and ");
}

const instanceTypes = { x86_64: "t3.micro", arm64: "t4g.micro" } as const;

/** A dry run always returns an error; `DryRunOperation` means that the request would have succeeded. */
async function mayRun(ec2: EC2Client, ImageId: string, InstanceType: _InstanceType): Promise<boolean> {
  try {
    await ec2.send(new RunInstancesCommand({ ImageId, InstanceType, MinCount: 1, MaxCount: 1, DryRun: true }));
    return false;
  } catch (error) {
    if (error instanceof Error && error.name === "DryRunOperation") return true;
    if (error instanceof Error && /^(InvalidAMIID|UnauthorizedOperation|AuthFailure)/.test(error.name)) return false;
    throw error;
  }
}

/** Every AMI of the factory that an account sees, in all regions. */
export async function imagesSeenBy(place: Place, account: string): Promise<string[]> {
  const seen: string[] = [];
  for (const region of place.factory.regions) seen.push(...(await imagesSeenIn(place, account, region)));
  return seen;
}

export async function imagesSeenIn(
  { options, factoryAccount }: Place,
  account: string,
  region: string,
): Promise<string[]> {
  const seen: string[] = [];
  const client = new EC2Client(asAccount(options, account, region));
  for await (const page of paginateDescribeImages({ client }, { Owners: [factoryAccount] })) {
    seen.push(...(page.Images ?? []).flatMap(({ ImageId }) => ImageId ?? []));
  }
  return seen;
}

/** For each image with a parent in the factory: the AMI that it was built from, and the AMI in its parent's channel. */
export async function readChildParents(place: Place, channels: readonly PublishedChannel[]) {
  const { options, factory, factoryAccount } = place;
  const ec2 = new EC2Client(asAccount(options, factoryAccount, factory.buildRegion));
  const children: { image: string; builtFrom: string; promoted: string }[] = [];
  for (const { image, channel, amis } of channels) {
    const parent = factory.images[image]?.parent;
    const ami = amis[factory.buildRegion];
    if (!parent || !("image" in parent) || !ami || channel !== factory.images[image]?.channels.at(-1)?.name) continue;
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ami] }));
    const promoted = channels.find((other) => other.image === parent.image && other.channel === parent.channel);
    children.push({
      image,
      builtFrom: Images[0]?.SourceImageId ?? "unknown",
      promoted: promoted?.amis[factory.buildRegion] ?? "nothing",
    });
  }
  return children;
}
