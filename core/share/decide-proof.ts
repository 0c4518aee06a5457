import type { AmiId, ArtifactId, BuildArn } from "../../events/ids.ts";

declare const proven: unique symbol;

/** An artifact that AWS confirmed as a build's. Launch permissions and parameters take no other. */
export type Proven<Id extends ArtifactId = ArtifactId> = Id & { readonly [proven]: true };

/** What Image Builder says an image resource yielded. */
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
  /** The factory's. */
  readonly account: string;
  /** Full ARN of the pipeline that the build's ARN names. */
  readonly pipelineArn: string;
  /** EC2's description; undefined where EC2 has no such AMI. */
  readonly ami:
    | {
        readonly state: string;
        readonly ownerId: string | undefined;
        /** What EC2 copied it from (EC2 user guide, "Identify the source AMI"). */
        readonly source: { readonly amiId: string; readonly region: string } | undefined;
      }
    | undefined;
  /** Accept a disabled AMI, because the caller enables it next. */
  readonly orDisabled: boolean;
  /** The build's image resource; undefined where Image Builder no longer lists it. */
  readonly build: Listed | undefined;
  /** The copy's image resource, in other regions than the build's; undefined as above, or where none was started. */
  readonly copy: Listed | undefined;
  /** The artifact that was proven while Image Builder listed the build. */
  readonly before: ArtifactId | undefined;
}

/**
 * Why an AMI is not proven to be a build's; undefined where it is. EC2's owner, state and source and Image Builder's
 * outputs count. Tags do not: Image Builder's own role may tag any image.
 */
export function whyAmiNotProven(artifact: AmiId, facts: AmiFacts): string | undefined {
  const { ami, orDisabled, account, build, copy, region, buildRegion, pipelineArn } = facts;
  if (!ami) return "EC2 has no such AMI";
  if (ami.ownerId !== account) return `it belongs to the account ${ami.ownerId ?? "of a stranger"}`;
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
    : "EC2 names no source of it";
  return `${found}, and the build's AMI is ${source ?? "unknown"} in ${buildRegion}`;
}

/** The facts that decide whether a container image is a build's. */
export interface ContainerFacts {
  readonly pipelineArn: string;
  readonly build: Listed | undefined;
  /** Whether the image's name is of the factory's registry in this region, and of the build's image. */
  readonly isOfBuild: boolean;
  /** What ECR has under this digest in the repository of the image's builds, whose tags are immutable. */
  readonly pushed: { readonly state: string; readonly uris: readonly string[] } | undefined;
  readonly region: string;
  readonly before: ArtifactId | undefined;
}

/** Why a container image is not proven to be a build's: a tag that Image Builder lists must mean its digest. */
export function whyContainerNotProven(artifact: ArtifactId, facts: ContainerFacts): string | undefined {
  const { pushed, build, isOfBuild, region, pipelineArn } = facts;
  if (!isOfBuild) return "its repository is not the build's";
  if (!pushed) return "the repository of the image's builds has no such digest";
  if (pushed.state !== "available") return `it is ${pushed.state}`;
  if (!build) return whyNotProvenBefore(artifact, facts.before);
  if (build.sourcePipelineArn !== pipelineArn) return whyOtherPipeline(build, pipelineArn);
  const listed = build.imageUris[region] ?? [];
  if (pushed.uris.some((uri) => listed.includes(uri))) return undefined;
  return `Image Builder lists ${listed.join(", ") || "no container image"} there, and no such tag means it`;
}

const whyOtherPipeline = ({ sourcePipelineArn = "no pipeline" }: Listed, wanted: string): string =>
  `Image Builder says that ${sourcePipelineArn} built it, not ${wanted}`;

/**
 * The rule for images that Image Builder no longer lists, for example after a lifecycle policy: the proof counts that
 * `prepare-image` recorded during the promotion.
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
