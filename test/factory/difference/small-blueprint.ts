import type { Blueprint, BlueprintResource } from "../../../core/factory/blueprint.ts";

export const blueprintOf = (...resources: BlueprintResource[]): Blueprint => ({
  factory: "acme",
  stage: "production",
  account: "111122223333",
  partition: "aws",
  buildRegion: "eu-west-1",
  resources,
});

/** @param type as `iam/role:Role` */
export const resourceOf = (
  type: string,
  name: string,
  inputs: object,
  more: Partial<BlueprintResource> = {},
): BlueprintResource => ({ type: `aws:${type}`, name, region: "eu-west-1", inputs: { ...inputs }, ...more });

export const queue = (name: string, inputs: object = {}, more?: Partial<BlueprintResource>): BlueprintResource =>
  resourceOf("sqs/queue:Queue", name, { name: `amint-acme-${name.toLowerCase()}`, ...inputs }, more);

export const roleWith = (name: string, ...Statement: object[]): BlueprintResource =>
  resourceOf("iam/role:Role", name, {
    name: `amint-acme-${name.toLowerCase()}`,
    inlinePolicies: [{ name: "inline", policy: { Version: "2012-10-17", Statement } }],
  });
