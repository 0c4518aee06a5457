import * as z from "zod";
import { nameSchema } from "./values.ts";

/**
 * A container image of a registry by a tag or a digest: without either, whatever is newest would be meant. A name has a
 * registry or is one of Docker Hub's (OCI distribution specification, "Pulling manifests", for names, tags and digests).
 */
const containerReferenceSchema = z
  .string()
  .max(1024)
  .regex(
    /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/,
    {
      error:
        'a container image by a tag or a digest, such as "public.ecr.aws/amazonlinux/amazonlinux:2023" or "...@sha256:..."',
    },
  );

/** A parameter by its name, or by its ARN, as others share theirs. `check-parents.ts` says which ones Image Builder reads. */
const parameterSchema = z
  .string()
  .max(1011)
  .regex(/^(arn:aws[\w-]*:ssm:[a-z0-9-]+:\d{12}:parameter)?(\/[\w.-]+)+$/, {
    error: 'a parameter by its name such as "/aws/service/...", or by its ARN',
  });

/** AMIs of one owner, by a pattern of their names. */
const amiSchema = z.strictObject({
  /** Nothing but this account's AMIs counts: names can be given to an AMI by anybody. */
  owner: z.string().regex(/^(\d{12}|amazon|self)$/, {
    error: 'a 12-digit account id, "amazon" or "self"',
  }),
  /** As the `name` filter of DescribeImages takes it: `*` stands for any characters, `?` for one; capitals count. */
  name: z
    .string()
    .max(128)
    .regex(/^(?=.*[^*?])[A-Za-z0-9()[\] ./\-'@_,*?]{3,}$/, {
      error: 'a pattern of AMI names such as "debian-12-amd64-*", with more than the wildcards * and ?',
    }),
  /** Left out: the image's. */
  architecture: z.enum(["x86_64", "arm64"]).optional(),
});

/** An image that AWS manages in Image Builder; an `x` at the end stands for any number, so that a build takes the newest version. */
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
    z.strictObject({ ssm: parameterSchema }),
    z.strictObject({ ami: amiSchema }),
    z.strictObject({ imageBuilder: managedImageSchema }),
    z.strictObject({ container: containerReferenceSchema }),
    z.strictObject({ image: nameSchema, channel: nameSchema }),
  ],
  {
    error:
      '{ ssm: "/aws/service/..." } (the AMI that a parameter names), { ami: { owner, name } } (the newest AMI of an owner), ' +
      '{ imageBuilder: "arn:..." } (an image that AWS manages), { container: "<image>:<tag>" } (a container image of a ' +
      'registry, for kind "container") or { image, channel } (an image of this factory and its channel)',
  },
);

type Given = z.output<typeof parentSchema>;

/** What is wanted of a parent by owner and name. */
export type AmiPattern = z.output<typeof amiSchema>;

/**
 * What an image starts from. A parent by owner and name also has the parameter that `resolve-parents` keeps for it, so that
 * recipes and triggers know AMIs by parameters only.
 */
export type Parent = Exclude<Given, { ami: AmiPattern }> | { readonly ami: AmiPattern; readonly ssm: string };

/** @param parameter the one that names the newest AMI, if the parent is one by owner and name */
export const withParameter = (parent: Given, parameter: string): Parent =>
  "ami" in parent ? { ami: parent.ami, ssm: parameter } : parent;
