import type { AmiId, ArtifactId, BuildArn } from "../../events/ids.ts";

declare const proven: unique symbol;

/** An artifact that AWS confirmed as a build's. Only such artifacts are shared and published. */
export type Proven<Id extends ArtifactId = ArtifactId> = Id & { readonly [proven]: true };

/** An image resource's outputs from Image Builder. */
export interface Listed {
  readonly sourcePipelineArn: string | undefined;
  /** By region. */
  readonly amis: Readonly<Record<string, AmiId>>;
  /** By region: URIs of container images, one for each tag. */
  readonly imageUris: Readonly<Record<string, readonly string[]>>;
}

/** The facts that decide whether an AMI is a build's. */
export interface AmiFacts {
  readonly region: string;
  readonly buildRegion: string;
  /** The factory's account. */
  readonly account: string;
  /** Full ARN of the pipeline that the build's ARN names. */
  readonly pipelineArn: string;
  /** EC2's description; undefined if the AMI does not exist. */
  readonly ami:
    | {
        readonly state: string;
        readonly ownerId: string | undefined;
        /** The AMI that EC2 copied it from (EC2 user guide, "Identify the source AMI"). */
        readonly source: { readonly amiId: string; readonly region: string } | undefined;
      }
    | undefined;
  /** Accept a disabled AMI, because the caller enables it next. */
  readonly orDisabled: boolean;
  /** The build's image resource; undefined if Image Builder no longer lists it. */
  readonly build: Listed | undefined;
  /** The copy's image resource, outside the build region; undefined as above, or if none was started. */
  readonly copy: Listed | undefined;
  /** The artifact that was proven while Image Builder listed the build. */
  readonly before: ArtifactId | undefined;
}

/**
 * Why an AMI is not proven to be a build's; undefined if it is. EC2's owner, state and source and Image Builder's outputs
 * count. Tags do not, because Image Builder's role may tag any image.
 */
export function whyAmiNotProven(artifact: AmiId, facts: AmiFacts): string | undefined {
  const { ami, orDisabled, account, build, copy, region, buildRegion, pipelineArn } = facts;
  if (!ami) return "EC2 has no such AMI";
  if (ami.ownerId !== account) return `it belongs to ${ami.ownerId ? `account ${ami.ownerId}` : "an unknown account"}`;
  if (ami.state !== "available" && !(orDisabled && ami.state === "disabled")) return `it is ${ami.state}`;
  const isCopy = region !== buildRegion;
  if (!build || (isCopy && !copy)) return whyNotProvenBefore(artifact, facts.before);
  if (build.sourcePipelineArn !== pipelineArn) return whyOtherPipeline(build, pipelineArn);
  const listed = (isCopy ? copy : build)?.amis[region];
  if (listed !== artifact) return `Image Builder lists ${listed ?? "no AMI"} there`;
  if (!isCopy) return undefined;
  const source = build.amis[buildRegion];
  if (source !== undefined && ami.source?.amiId === source && ami.source.region === buildRegion) return undefined;
  const found = ami.source
    ? `it is a copy of ${ami.source.amiId} in ${ami.source.region}`
    : "EC2 does not report its source";
  return `${found}, but the build's AMI is ${source ?? "unknown"} in ${buildRegion}`;
}

/** The facts that decide whether a container image is a build's. */
export interface ContainerFacts {
  readonly pipelineArn: string;
  readonly build: Listed | undefined;
  /** Whether the image's URI has the factory's registry in this region and the build's image. */
  readonly isOfBuild: boolean;
  /** The image with this digest in the repository of builds, whose tags are immutable. */
  readonly pushed: { readonly state: string; readonly uris: readonly string[] } | undefined;
  readonly region: string;
  readonly before: ArtifactId | undefined;
}

/** Why a container image is not proven to be a build's; undefined if it is. One of Image Builder's tags must have its digest. */
export function whyContainerNotProven(artifact: ArtifactId, facts: ContainerFacts): string | undefined {
  const { pushed, build, isOfBuild, region, pipelineArn } = facts;
  if (!isOfBuild) return "its repository is not the build's";
  if (!pushed) return "the repository of builds does not have this digest";
  if (pushed.state !== "available") return `it is ${pushed.state}`;
  if (!build) return whyNotProvenBefore(artifact, facts.before);
  if (build.sourcePipelineArn !== pipelineArn) return whyOtherPipeline(build, pipelineArn);
  const listed = build.imageUris[region] ?? [];
  if (pushed.uris.some((uri) => listed.includes(uri))) return undefined;
  return `Image Builder lists ${listed.join(", ") || "no container image"} there, and none of these tags has its digest`;
}

const whyOtherPipeline = ({ sourcePipelineArn = "no pipeline" }: Listed, wanted: string): string =>
  `Image Builder reports that ${sourcePipelineArn} built it, not ${wanted}`;

/**
 * The rule for images that Image Builder no longer lists, for example after a lifecycle policy: the proof that
 * `prepare-image` recorded during the promotion counts.
 */
const whyNotProvenBefore = (artifact: ArtifactId, before: ArtifactId | undefined): string | undefined =>
  before === artifact
    ? undefined
    : `Image Builder does not list it, and the proof from its promotion names ${before ?? "nothing"}`;

/** AWS does not confirm that an artifact is a build's, or the gate has not passed the build. */
export class NotProven extends Error {
  override readonly name = "NotProven";

  constructor(build: BuildArn, artifact: ArtifactId, region: string, why: string) {
    super(`${artifact} in ${region} is not proven to be ${build}'s, so it is neither shared nor published: ${why}.`);
  }
}
