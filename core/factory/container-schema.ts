import * as z from "zod";

/**
 * A container image of a registry by a tag or a digest: without either, whatever is newest would be meant. A name has a
 * registry or is one of Docker Hub's (OCI distribution specification, "Pulling manifests", for names, tags and digests).
 */
export const containerReferenceSchema = z
  .string()
  .max(1024)
  .regex(
    /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/,
    {
      error:
        'a container image by a tag or a digest, such as "public.ecr.aws/amazonlinux/amazonlinux:2023" or "...@sha256:..."',
    },
  );

/** What is the matter of container images only. */
export const containerSchema = z.strictObject({
  /**
   * The path of a Dockerfile template with Image Builder's variables; left out, one that has nothing but these: the
   * parent, and the components.
   */
  dockerfile: z
    .string()
    .regex(/^(?!\/)[\w./-]+$/, { error: 'the path of a template such as "images/dockerfiles/web"' })
    .refine((path) => !path.split("/").includes(".."), { error: "a path within the repository" })
    .optional(),
});

/** The path of an image's Dockerfile template. */
export const dockerfileOf = ({
  container,
}: {
  readonly container?: z.output<typeof containerSchema> | undefined;
}): string => container?.dockerfile ?? "images/dockerfiles/plain";
