import type { Image } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { imagesIn } from "../ec2/find-image.ts";
import { familyOf, type PublicFamily, publicFamilies } from "../ec2/public-images.ts";
import { matchesVersion, parseArn } from "./arn.ts";

/**
 * The newest image that AWS manages under an ARN, whose version may end with `x`; undefined if there is none. Versions
 * are dates, as in AWS (`2024.4.29`). Its AMI is the public one of the same system.
 */
export function findManagedImage(aws: EmbeddedAws, arn: string): Image | undefined {
  const { account, region = "", kind, name = "", version: wanted = "x.x.x" } = parseArn(arn) ?? {};
  if (account !== "aws" || kind !== "image") return undefined;
  const [newest] = [...imagesIn(aws, region)]
    .flatMap((ami) => {
      const known = familyOf(ami);
      const family: PublicFamily | undefined = known && publicFamilies[known.family];
      if (!known || family?.managedName?.(known.architecture) !== name) return [];
      const version = known.day.split("-").map(Number).join(".");
      return matchesVersion(version, wanted) && ami.state === "available" ? [{ ami, version }] : [];
    })
    .toSorted((one, other) => other.ami.createdAt - one.ami.createdAt);
  if (!newest) return undefined;
  const { ami, version } = newest;
  return {
    arn: `arn:${aws.partition}:imagebuilder:${region}:aws:image/${name}/${version}/1`,
    type: "AMI",
    name,
    version,
    platform: ami.platform === "windows" ? "Windows" : "Linux",
    state: { status: "AVAILABLE" },
    dateCreated: new Date(ami.createdAt).toISOString(),
    outputResources: { amis: [{ region, image: ami.id, name: ami.name, accountId: ami.owner }] },
  };
}
