import type { TagSpecification } from "@aws-sdk/client-ec2";
import type { Authorization, Call } from "../../engine/operation.ts";
import { requestTagContext, resourceTagContext } from "../tag-context.ts";
import { findImage, isPublic } from "./find-image.ts";
import { fromTags, tagsOf } from "./resource-tags.ts";

/** ARNs of images and snapshots have no account; other EC2 ARNs do. */
export const ec2Arn = ({ aws, account, region }: Call, type: string, id: string): string =>
  `arn:${aws.partition}:ec2:${region}:${type === "image" || type === "snapshot" ? "" : account}:${type}/${id}`;

/** One existing resource, with its tags as condition keys. */
export const authorizeResource = (
  call: Call,
  type: string,
  id = "*",
  context: Authorization["context"] = {},
): Omit<Authorization, "action"> => ({
  resources: [ec2Arn(call, type, id)],
  context: { ...context, ...resourceTagContext(tagsOf(call.aws, call, id), ["aws", "ec2"]), "ec2:Region": call.region },
});

/** An image, with EC2's condition keys for images (service authorization reference of EC2). */
export function authorizeImage(call: Call, id: string | undefined, context: Authorization["context"] = {}) {
  const image = id === undefined ? undefined : findImage(call.aws, call.region, id);
  return authorizeResource(call, "image", id, {
    ...context,
    ...(image && { "ec2:Owner": image.owner, "ec2:Public": String(isPublic(image)), "ec2:ImageType": "machine" }),
  });
}

/** Tagging at creation also requires CreateTags, with the creating action as condition. */
export const authorizeCreationTags = (
  call: Call,
  action: string,
  specifications: readonly TagSpecification[] | undefined,
): Partial<Authorization>[] =>
  (specifications ?? [])
    .filter((one) => one.Tags?.length)
    .map((one) => ({
      action: "ec2:CreateTags",
      resources: [ec2Arn(call, one.ResourceType ?? "*", "*")],
      context: { ...requestTagContext(fromTags(one.Tags)), "ec2:CreateAction": action },
    }));
