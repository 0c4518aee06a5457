import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import type { ImageUri } from "../core/image-uri.ts";

/** A container image as ECR knows it. */
interface PushedImage {
  /** `sha256:...` */
  readonly digest: string;
  /** Of its layers as they are pushed and pulled, compressed (ECR API reference, ImageDetail, `imageSizeInBytes`). */
  readonly bytes: number | undefined;
}

/** What a tag or a digest means in a repository now. Undefined where there is no such image, or no such repository. */
export async function findPushed(
  client: ECRClient,
  { repository, by }: Pick<ImageUri, "repository" | "by">,
): Promise<PushedImage | undefined> {
  try {
    const { imageDetails: [image] = [] } = await client.send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [by] }),
    );
    return image?.imageDigest ? { digest: image.imageDigest, bytes: image.imageSizeInBytes } : undefined;
  } catch (error) {
    if (error instanceof Error && /^(ImageNotFound|RepositoryNotFound)Exception$/.test(error.name)) return undefined;
    throw error;
  }
}
