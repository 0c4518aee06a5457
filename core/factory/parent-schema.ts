import * as z from "zod";
import { nameSchema } from "./values.ts";

/**
 * A container image in a registry by tag or digest; without either it would mean the newest image. A name without a registry
 * is on Docker Hub (OCI distribution specification, "Pulling manifests", for names, tags and digests).
 */
const containerReferenceSchema = z
  .string()
  .max(1024)
  .regex(
    /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/,
    {
      error:
        'a container image by tag or digest, such as "public.ecr.aws/amazonlinux/amazonlinux:2023" or "...@sha256:..."',
    },
  );

/** A parameter by name, or by ARN if another account shares it. `check-parents.ts` checks which ones Image Builder can read. */
const parameterSchema = z
  .string()
  .max(1011)
  .regex(/^(arn:aws[\w-]*:ssm:[a-z0-9-]+:\d{12}:parameter)?(\/[\w.-]+)+$/, {
    error: 'a parameter name such as "/aws/service/...", or its ARN',
  });

const amiSchema = z.strictObject({
  /**
   * The account that owns the AMI; `"amazon"` for Amazon's own accounts, `"self"` for the factory's. Required because anyone
   * can publish an AMI under any name.
   * @example "136693071363"
   */
  owner: z.string().regex(/^(\d{12}|amazon|self)$/, {
    error: 'a 12-digit account ID, "amazon" or "self"',
  }),
  /**
   * Pattern of the AMI's name, as in the `name` filter of DescribeImages: `*` matches any characters, `?` one. Case-sensitive.
   * @example "debian-12-amd64-*"
   */
  name: z
    .string()
    .max(128)
    .regex(/^(?=.*[^*?])[A-Za-z0-9()[\] ./\-'@_,*?]{3,}$/, {
      error: 'a pattern of AMI names such as "debian-12-amd64-*", not only wildcards',
    }),
  /**
   * Architecture of the AMI. Must be the image's.
   * @defaultValue the image's `architecture`
   * @example "arm64"
   */
  architecture: z.enum(["x86_64", "arm64"]).optional(),
});

/** An image that AWS manages in Image Builder; `x` matches any number, and a build uses the newest version. */
const managedImageSchema = z
  .string()
  .regex(
    /^arn:aws[\w-]*:imagebuilder:[a-z0-9-]+:aws:image\/[a-z0-9-]+\/(\d+\.\d+\.\d+|\d+\.\d+\.x|\d+\.x\.x|x\.x\.x)$/,
    {
      error:
        'the ARN of an image that AWS manages, with a version such as x.x.x: "arn:aws:imagebuilder:<region>:aws:image/<name>/x.x.x"',
    },
  );

export const parentSchema = z.union(
  [
    z.strictObject({
      /**
       * The AMI that an SSM parameter names.
       * @example "/aws/service/debian/release/12/latest/amd64"
       */
      ssm: parameterSchema,
    }),
    z.strictObject({
      /**
       * The newest AMI of an owner whose name matches a pattern.
       * @example { owner: "136693071363", name: "debian-12-amd64-*" }
       */
      ami: amiSchema,
    }),
    z.strictObject({
      /**
       * An image that AWS manages in Image Builder, by ARN.
       * @example "arn:aws:imagebuilder:eu-west-1:aws:image/windows-server-2022-english-full-base-x86/x.x.x"
       */
      imageBuilder: managedImageSchema,
    }),
    z.strictObject({
      /**
       * A container image in a registry, by tag or digest. For images of kind `"container"`.
       * @example "public.ecr.aws/amazonlinux/amazonlinux:2023"
       */
      container: containerReferenceSchema,
    }),
    z.strictObject({
      /**
       * An image of this factory. `channel` says which build.
       * @example "al2023-base"
       */
      image: nameSchema,
      /**
       * The channel of that image whose build is the parent.
       * @example "stable"
       */
      channel: nameSchema,
    }),
  ],
  {
    error:
      '{ ssm: "/aws/service/..." } (the AMI that a parameter names), { ami: { owner, name } } (an owner\'s newest AMI), ' +
      '{ imageBuilder: "arn:..." } (an image that AWS manages), { container: "<image>:<tag>" } (a container image in a ' +
      'registry, for kind "container") or { image, channel } (an image of this factory and its channel)',
  },
);

type Given = z.output<typeof parentSchema>;

/** A parent by owner and name. */
export type AmiPattern = z.output<typeof amiSchema>;

/**
 * What an image starts from. A parent by owner and name also has the parameter that `resolve-parents` maintains for it, so
 * that recipes and triggers deal with parameters only.
 */
export type Parent = Exclude<Given, { ami: AmiPattern }> | { readonly ami: AmiPattern; readonly ssm: string };

/** @param parameter the one that names the newest AMI, for a parent by owner and name */
export const withParameter = (parent: Given, parameter: string): Parent =>
  "ami" in parent ? { ami: parent.ami, ssm: parameter } : parent;
