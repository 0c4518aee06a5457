import type { EmbeddedAws } from "embedded-aws";
import { addImage } from "embedded-aws/seeds";
import { ec2State, type Image } from "embedded-aws/state";
import { buildVersion } from "../../../core/build/build-arn.ts";
import { type BuildArn, parseAmiId, parseBuildArn } from "../../../events/ids.ts";
import { listBuilt } from "../../world/built.ts";
import { ACCOUNT, HOME, IMAGE } from "./way-factory.ts";

/** A build with its AMI in each region. */
export interface Build {
  readonly build: BuildArn;
  /** The short version, for messages. */
  readonly version: string;
  readonly images: ReadonlyMap<string, Image>;
}

export function makeBuild(aws: EmbeddedAws, regions: readonly string[], n: number): Build {
  const build = parseBuildArn(`arn:aws:imagebuilder:${HOME}:${ACCOUNT}:image/way-${IMAGE}/1.0.0/${n}`);
  const images = regions.map((region): [string, Image] => {
    const added = { name: `build-${n}`, architecture: "x86_64" as const, source: undefined, devices: [] };
    const image = addImage(aws, { account: ACCOUNT, region }, added);
    aws.state(ec2State, ACCOUNT, region).tags.set(image.id, new Map([["amint:factory", "way"]]));
    return [region, image];
  });
  listBuilt(aws, build, Object.fromEntries(images.map(([region, { id }]) => [region, parseAmiId(id)])));
  return { build, version: buildVersion(build), images: new Map(images) };
}
