import { accountPrincipal, type EmbeddedAws } from "embedded-aws";
import { publishPublicImage } from "embedded-aws/seeds";
import { imageSystemOf } from "../../core/component/image-system.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";

interface Standing {
  readonly factory: Factory;
  readonly account: string;
  readonly image: string;
  /** Replaces the wildcard in the AMI's name. */
  readonly version: string;
}

/**
 * Publishes a plain AMI for an image's parent: behind its parameter, or with its owner and a name that matches its pattern.
 * @returns its id
 */
export async function publishParent(aws: EmbeddedAws, { factory, account, image, version }: Standing): Promise<string> {
  const { parent, os, architecture } = requireImage(factory, image);
  const { rootDevice, platform, leastGiB } = imageSystemOf(os);
  const publish = (owner: string, name: string, parameter?: string) =>
    publishPublicImage(aws, factory.buildRegion, {
      owner,
      name,
      parameter,
      description: `Stands behind the parent of ${image}`,
      architecture,
      rootDeviceName: rootDevice,
      ...(platform === "Windows" && { platform: "windows" }),
      volumeSizeGiB: leastGiB,
      volumeType: "gp3",
    });
  if ("ami" in parent) {
    const { owner, name } = parent.ami;
    const matching = name.replaceAll("?", "0").replace("*", version).replaceAll("*", "x");
    return publish(owner === "self" ? account : owner === "amazon" ? AMAZON : owner, matching);
  }
  if (!("ssm" in parent)) throw new Error(`The parent of ${image} is not an AMI from outside the factory.`);
  const name = `${parent.ssm.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(1, 110)}-${version}`;
  if (parent.ssm.startsWith("/aws/service/")) return publish(AMAZON, name, parent.ssm);
  const id = publish(AMAZON, name);
  await putParameter(aws, factory.buildRegion, { account, parameter: parent.ssm, id });
  return id;
}

const AMAZON = "137112412989";

/** A parameter of the factory's account, or by its ARN one that another account shares with it. */
async function putParameter(
  aws: EmbeddedAws,
  region: string,
  { account, parameter, id }: { readonly account: string; readonly parameter: string; readonly id: string },
): Promise<void> {
  const [, owner = account, Name = parameter] = /^arn:[^:]+:ssm:[^:]+:(\d+):parameter(.+)$/.exec(parameter) ?? [];
  const as = (one: string) => ({ principal: accountPrincipal(one), region });
  // With this data type the value is readable at once; no factory time passes during the seeding.
  const value = { Name, Value: id, Type: "String", DataType: "text", Tier: "Advanced", Overwrite: true };
  await aws.call("ssm", "PutParameter", value, as(owner));
  if (owner === account) return;
  const share = {
    name: `parent-${Name.replaceAll(/[^A-Za-z0-9]+/g, "-")}`,
    resourceArns: [parameter],
    principals: [account],
  };
  await aws.call("ram", "CreateResourceShare", { ...share, allowExternalPrincipals: true }, as(owner));
  const invited = (await aws.call("ram", "GetResourceShareInvitations", {}, as(account))) as Invitations;
  for (const { resourceShareInvitationArn, status } of invited.resourceShareInvitations ?? []) {
    if (status !== "PENDING") continue;
    await aws.call("ram", "AcceptResourceShareInvitation", { resourceShareInvitationArn }, as(account));
  }
}

interface Invitations {
  readonly resourceShareInvitations?: readonly {
    readonly resourceShareInvitationArn?: string;
    readonly status?: string;
  }[];
}
