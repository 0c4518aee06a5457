import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { findOutputs } from "../../adapters/build/image-builder.ts";
import { findImage } from "../../adapters/containers/repository-images.ts";
import { whyGateNotPassed } from "../../adapters/evidence/evidence.ts";
import { type ReadResults, readBatch } from "../../adapters/ledger/reads.ts";
import { copyOf } from "../../adapters/promotion/promotion.ts";
import { findAmis } from "../../adapters/share/ami-state.ts";
import { proofOf } from "../../adapters/share/verifications.ts";
import { pipelineOf } from "../../core/build/build-arn.ts";
import { toContainerImage } from "../../core/containers/container-image.ts";
import { buildsRepository, imagePipelineArn, pipelineName } from "../../core/names.ts";
import {
  type Listed,
  NotProven,
  type Proven,
  whyAmiNotProven,
  whyContainerNotProven,
} from "../../core/share/decide-proof.ts";
import {
  type AmiId,
  type ArtifactId,
  type BuildArn,
  type ContainerImageId,
  type ImageResourceArn,
  isContainerImageId,
} from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

/** An artifact that the ledger names as a build's. */
export interface Claimed<Id extends ArtifactId = ArtifactId> {
  readonly build: BuildArn;
  readonly region: string;
  readonly artifact: Id;
  /** Accept a disabled AMI, because the caller enables it next. */
  readonly orDisabled?: boolean;
  /** The ledger's facts, if they were just read. */
  readonly facts?: Facts;
}

type Facts = ReadResults<ReturnType<typeof factsOf>>;

/** What the ledger says of a build's artifact in a region: why its gate was not passed, its copy, an earlier proof. */
export const factsOf = (build: BuildArn, region: string) =>
  [whyGateNotPassed(build), copyOf(build, region), proofOf(build, region)] as const;

type Proving = Pick<Invocation, "client" | "settings" | "ledger">;

interface Asking {
  readonly invocation: Proving;
  /** Reads each image resource once. */
  readonly find: (arn: ImageResourceArn) => Promise<Listed | undefined>;
}

/**
 * Verifies with AWS that an artifact is a build's, before it is shared or published. The ledger alone does not count,
 * because several functions write it; only the gate's record, which `decide-gate` alone writes, is trusted.
 * @returns the check, for any number of artifacts; rejects with NotProven
 */
export function prover(invocation: Proving): (claimed: Claimed) => Promise<Proven> {
  const found = new Map<string, Promise<Listed | undefined>>();
  const find: Asking["find"] = (arn) => {
    const finding = found.get(arn) ?? findOutputs(invocation.client(ImagebuilderClient), arn);
    found.set(arn, finding);
    return finding;
  };
  return async (claimed) => {
    const { build, artifact, region } = claimed;
    const why = await whyNot(claimed, { invocation, find });
    if (why) throw new NotProven(build, artifact, region, why);
    return artifact as Proven;
  };
}

async function whyNot(
  { build, region, artifact, orDisabled = false, facts }: Claimed,
  asking: Asking,
): Promise<string | undefined> {
  const [rejected, copy, before] = facts ?? (await readBatch(asking.invocation.ledger, factsOf(build, region)));
  if (rejected) return rejected;
  if (isContainerImageId(artifact)) return whyNotContainer({ build, region, artifact }, before, asking);
  return whyNotAmi({ build, region, artifact, orDisabled }, { copy: copy?.copy, before }, asking);
}

interface Known {
  readonly copy: ImageResourceArn | undefined;
  readonly before: ArtifactId | undefined;
}

async function whyNotAmi(
  { build, region, artifact, orDisabled }: Claimed<AmiId>,
  { copy, before }: Known,
  { invocation, find }: Asking,
) {
  const { place } = invocation.settings;
  const isCopy = region !== place.region;
  const [amis, ofBuild, ofCopy] = await Promise.all([
    findAmis(invocation.client(EC2Client, region), [artifact]),
    find(build),
    isCopy && copy ? find(copy) : undefined,
  ]);
  return whyAmiNotProven(artifact, {
    region,
    buildRegion: place.region,
    account: place.account,
    pipelineArn: imagePipelineArn(place, pipelineOf(build)),
    ami: amis.get(artifact),
    orDisabled: orDisabled === true,
    build: ofBuild,
    copy: ofCopy,
    before,
  });
}

async function whyNotContainer(
  { build, region, artifact }: Claimed<ContainerImageId>,
  before: ArtifactId | undefined,
  { invocation, find }: Asking,
) {
  const { place, factory } = invocation.settings;
  const { account, image, digest, region: its } = toContainerImage(artifact);
  const repository = { registryId: place.account, repositoryName: buildsRepository(factory.name, image) };
  const [pushed, ofBuild] = await Promise.all([
    findImage(invocation.client(ECRClient, region), repository, { imageDigest: digest }),
    find(build),
  ]);
  const [registry = ""] = artifact.split("/");
  const uri = (by: string) => `${registry}/${repository.repositoryName}${by}`;
  return whyContainerNotProven(uri(`@${digest}`) as ArtifactId, {
    region,
    pipelineArn: imagePipelineArn(place, pipelineOf(build)),
    build: ofBuild,
    isOfBuild: account === place.account && its === region && pipelineName(factory.name, image) === pipelineOf(build),
    pushed: pushed && { state: pushed.state, uris: pushed.tags.map((tag) => uri(`:${tag}`)) },
    before,
  });
}
