import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { GetImageCommand, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { SSMClient } from "@aws-sdk/client-ssm";
import { findAmi, listAmis } from "../../../adapters/advisories/owner-amis.ts";
import { readParameter, readWritten } from "../../../adapters/channel/parameters.ts";
import { findParentAmi, simulate } from "../../../adapters/factory/account-facts.ts";
import { decideNewest, takenByDeployment } from "../../../core/advisories/newest-ami.ts";
import { imageSystemOf } from "../../../core/component/image-system.ts";
import type { Image } from "../../../core/factory/image-schema.ts";
import type { AmiPattern } from "../../../core/factory/parent-schema.ts";
import { type Check, fine } from "../../../core/factory/preflight/check.ts";
import {
  decideBackward,
  decideParent,
  decideUnmatched,
  decideUnreadable,
  type ParentFacts,
} from "../../../core/factory/preflight/decide-parents.ts";
import { amiParentParameter } from "../../../core/names.ts";
import { factoryNow } from "../../command/factory-clock.ts";
import type { Asked, AwsCheck } from "./aws-check.ts";

/** Checks parents outside the factory. */
export const parents = (asked: Asked): AwsCheck[] =>
  Object.entries(asked.factory.images).flatMap(([name, image]): AwsCheck[] => {
    const { parent } = image;
    const where = (key: string) => `images.${name}.parent.${key}`;
    if ("ami" in parent) {
      const run = () => checkNewest(name, image, parent.ami, asked);
      return [{ check: "parent", where: where("ami"), actions: "ec2:DescribeImages and ssm:GetParameter", run }];
    }
    if ("ssm" in parent) {
      const run = () => checkParameter(name, image, parent.ssm, asked);
      return [{ check: "parent", where: where("ssm"), actions: "ssm:GetParameter and ec2:DescribeImages", run }];
    }
    if ("imageBuilder" in parent) {
      const run = () => checkManaged(name, image, parent.imageBuilder, asked);
      const actions = "imagebuilder:GetImage and ec2:DescribeImages";
      return [{ check: "parent", where: where("imageBuilder"), actions, run }];
    }
    return [];
  });

/** Decides on the AMI that the config's parent resolves to. */
async function decide(
  { architecture, os, volumeGiB }: Image,
  given: Pick<ParentFacts, "image" | "by" | "named" | "amiId">,
  { factory, client }: Asked,
): Promise<Check> {
  const ec2 = client(EC2Client, factory.buildRegion);
  const ami = given.amiId === undefined ? undefined : await findParentAmi(ec2, given.amiId, await factoryNow());
  return decideParent({ ...given, architecture, rootDevice: imageSystemOf(os).rootDevice, volumeGiB, ami });
}

async function checkParameter(image: string, config: Image, named: string, asked: Asked): Promise<Check[]> {
  const { factory, account, client } = asked;
  const { buildRegion, executionRole } = factory;
  const isShared = named.startsWith("arn:");
  const read = readParameter(client(SSMClient, buildRegion), named).catch((error: Error) => {
    if (!isShared || error.name !== "AccessDeniedException") throw error;
    return "denied" as const;
  });
  const amiId = await read;
  if (amiId === "denied") return [decideUnreadable(image, named, `account ${account}`)];
  const found = await decide(config, { image, by: "ssm", named, amiId }, asked);
  if (executionRole === undefined || found.verdict === "fails") return [found];
  const owner = named.startsWith("/aws/service/") ? "" : account;
  const arn = isShared ? named : `arn:${asked.blueprint.partition}:ssm:${buildRegion}:${owner}:parameter${named}`;
  const said = await simulate(client(IAMClient, buildRegion), executionRole, "ssm:GetParameter", [arn]);
  return [said.every(({ allowed }) => allowed) ? found : decideUnreadable(image, named, executionRole)];
}

async function checkNewest(image: string, config: Image, ami: AmiPattern, asked: Asked): Promise<Check[]> {
  const ec2 = asked.client(EC2Client, asked.factory.buildRegion);
  const wanted = { owner: ami.owner, name: ami.name, architecture: config.architecture };
  const now = await factoryNow();
  const found = await listAmis(ec2, wanted);
  const newest = decideNewest(wanted, found, undefined, { account: asked.account, now });
  if (newest.kind === "found") {
    const parameter = amiParentParameter(asked.factory.name, image);
    const present = await readWritten(asked.client(SSMClient, asked.factory.buildRegion), parameter);
    const shown = present && (await findAmi(ec2, present.value));
    const taken = present && takenByDeployment(wanted, present, shown, asked.account);
    if (taken && newest.ami.createdAt < new Date(taken.createdAt)) {
      const isThere = shown?.state === "available" && !(shown.deprecatedAt && shown.deprecatedAt <= now);
      return [decideBackward({ image, pattern: ami.name, newest: newest.ami, parameter, present: taken.ami, isThere })];
    }
    const named = `${newest.ami.name} of ${newest.ami.ownerId}`;
    return [await decide(config, { image, by: "ami", named, amiId: newest.ami.id }, asked)];
  }
  const ofOwner = await listAmis(ec2, { owner: ami.owner, name: ami.name }, { deprecated: true });
  const ofAll = ofOwner.length > 0 ? [] : await listAmis(ec2, { name: ami.name });
  return [
    decideUnmatched({
      image,
      ...wanted,
      reason: newest.reason,
      ofOwner: ofOwner.map(({ architecture, deprecatedAt }) => ({
        architecture,
        deprecated: deprecatedAt !== undefined && deprecatedAt <= now,
      })),
      others: [...new Set(ofAll.map(({ ownerId }) => ownerId))].sort(),
    }),
  ];
}

async function checkManaged(image: string, config: Image, named: string, asked: Asked): Promise<Check[]> {
  const { buildRegion } = asked.factory;
  const { image: managed } = await asked
    .client(ImagebuilderClient, buildRegion)
    .send(new GetImageCommand({ imageBuildVersionArn: named }))
    .catch((error: Error) => {
      if (error.name !== "ResourceNotFoundException") throw error;
      return { image: undefined };
    });
  const amiId = managed?.outputResources?.amis?.find(({ region }) => region === buildRegion)?.image;
  // What GetImage returns about AMIs of AWS's own images is not documented.
  if (managed && amiId === undefined) {
    return [fine({ check: "parent", where: `images.${image}.parent.imageBuilder` }, `version ${managed.version}`)];
  }
  return [await decide(config, { image, by: "imageBuilder", named, amiId }, asked)];
}
