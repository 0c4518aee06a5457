import * as z from "zod";

/**
 * An image resource's ARN as returned by Image Builder. A copy's is stored unparsed: AWS does not document how a
 * distributed AMI's name appears in its ARN.
 */
export const imageResourceArn = z.string().min(1).brand<"ImageResourceArn">();
export type ImageResourceArn = z.output<typeof imageResourceArn>;

/**
 * One run of a pipeline: `arn:<partition>:imagebuilder:<region>:<account>:image/<name>/<x.y.z>/<n>`. AWS's model has
 * the same pattern (Image Builder API reference, `ImageBuildVersionArn`).
 */
export const buildArn = z
  .string()
  .regex(/^arn:aws[^:]*:imagebuilder:[^:]+:(\d{12}|aws(-[a-z-]+)?):image\/[a-z0-9-_]+\/\d+\.\d+\.\d+\/\d+$/, {
    error: "the ARN of an image build version, arn:...:image/<name>/<x.y.z>/<n>",
  })
  .brand<"ImageResourceArn">()
  .brand<"BuildArn">();
export type BuildArn = z.output<typeof buildArn>;

export const amiId = z
  .string()
  .regex(/^ami-[0-9a-f]{8,17}$/, { error: "an AMI id such as ami-0123456789abcdef0" })
  .brand<"AmiId">();
export type AmiId = z.output<typeof amiId>;

/** A container image in a private ECR registry, by digest, so that it is immutable. */
const containerImageId = z
  .string()
  .regex(/^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[a-z0-9][a-z0-9._/-]*@sha256:[0-9a-f]{64}$/, {
    error: "a container image by its digest, <account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:...",
  })
  .brand<"ContainerImageId">();
export type ContainerImageId = z.output<typeof containerImageId>;

/** A build's output in a region: an AMI, or a container image. */
export const artifactId = z.union([amiId, containerImageId]);
export type ArtifactId = z.output<typeof artifactId>;

/** A container image in any registry (OCI image specification, "Descriptors", digest). */
const imageDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: "the digest of a container image, sha256:..." })
  .brand<"ImageDigest">();
export type ImageDigest = z.output<typeof imageDigest>;

/** An external base of an image: a public AMI, or the digest of a registry's tag. */
export const baseId = z.union([amiId, imageDigest]);
export type BaseId = z.output<typeof baseId>;

export const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/);

/** Valid names of images, channels and approvers in the config. Notices put them into commands to paste. */
export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const imageName = z.string().regex(NAME).max(40);
export const channelName = z.string().regex(NAME).max(40);

/** An Image Builder ARN of unknown format. */
class UnknownBuildArn extends Error {
  override readonly name = "UnknownBuildArn";

  constructor(text: string, cause: unknown) {
    super(`Not an image build version's ARN: "${text}". Expected arn:...:image/<name>/<x.y.z>/<n>.`, { cause });
  }
}

/** @throws UnknownBuildArn with the text, which may be the only trace of what AWS has started */
export function parseBuildArn(text: string): BuildArn {
  const parsed = buildArn.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UnknownBuildArn(text, parsed.error);
}
/** @throws ZodError where `text` is not an AMI id */
export const parseAmiId = (text: string): AmiId => amiId.parse(text);
/** @throws ZodError where `text` is not a container image with a digest */
export const parseContainerImageId = (text: string): ContainerImageId => containerImageId.parse(text);
/** @throws ZodError where `text` is not a digest */
export const parseImageDigest = (text: string): ImageDigest => imageDigest.parse(text);
export const isContainerImageId = (id: string): id is ContainerImageId => containerImageId.safeParse(id).success;
