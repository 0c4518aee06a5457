import type {
  LaunchTemplate as LaunchTemplateOutput,
  LaunchTemplateVersion,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call } from "../../../engine/operation.ts";
import { authorizeResource } from "../authorization.ts";
import { resolveImageId } from "../instances/image-parameter.ts";
import { invalidCombination, missingParameter } from "../refusals.ts";
import { tagsOf, toTags } from "../resource-tags.ts";

export interface TemplateVersion {
  /** From 1. */
  readonly number: number;
  readonly description: string | undefined;
  readonly createdAt: number;
  /** ARN. */
  readonly createdBy: string;
  /** As given: EC2 checks it at launch. */
  readonly data: RequestLaunchTemplateData;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  readonly createdBy: string;
  defaultVersion: number;
  /** Oldest first; never empty: the default version cannot be deleted. */
  versions: readonly TemplateVersion[];
  /** Numbers of deleted versions are not reused. */
  nextNumber: number;
}

interface TemplatesState {
  /** By id. */
  readonly templates: Map<string, LaunchTemplate>;
  /** The template, or template and version, created with each client token. */
  readonly tokens: Map<string, string>;
}

export const templatesState = defineState<TemplatesState>("ec2.launch-templates", () => ({
  templates: new Map(),
  tokens: new Map(),
}));

const latestNumber = ({ versions }: LaunchTemplate): number => versions.at(-1)?.number ?? 0;

export function toTemplate(aws: EmbeddedAws, template: LaunchTemplate): LaunchTemplateOutput {
  const tags = tagsOf(aws, { account: template.owner, region: template.region }, template.id);
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAt),
    CreatedBy: template.createdBy,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: latestNumber(template),
    Tags: tags.size > 0 ? toTags(tags) : undefined,
  };
}

/** A template by id or name, not both; its version is `$Latest`, `$Default` or a number. */
interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  readonly Version?: string | undefined;
}

function lookUp(call: Call, { LaunchTemplateId: id, LaunchTemplateName: name }: TemplateReference) {
  const { templates } = call.aws.state(templatesState, call.account, call.region);
  return id ? templates.get(id) : [...templates.values()].find((one) => one.name === name);
}

/**
 * @throws InvalidLaunchTemplateId.Malformed, InvalidLaunchTemplateId.NotFound,
 *   InvalidLaunchTemplateName.NotFoundException
 */
export function requireTemplate(call: Call, reference: TemplateReference): LaunchTemplate {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = reference;
  if (id && name) {
    throw invalidCombination(
      "The parameters launchTemplateId and launchTemplateName may not be used together: specify one of them.",
    );
  }
  if (!id && !name) throw missingParameter("launchTemplateId or launchTemplateName");
  if (id && !/^lt-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
    throw new AwsError("InvalidLaunchTemplateId.Malformed", `Invalid id: "${id}"`);
  }
  const template = lookUp(call, reference);
  if (template) return template;
  throw id
    ? new AwsError(
        "InvalidLaunchTemplateId.NotFound",
        `The specified launch template, with template ID ${id}, does not exist.`,
      )
    : new AwsError(
        "InvalidLaunchTemplateName.NotFoundException",
        `The specified launch template, with template name ${name}, does not exist.`,
      );
}

/** @param version `$Latest`, `$Default` or a number. @throws InvalidLaunchTemplateId.VersionNotFound */
export function requireVersionOf(template: LaunchTemplate, version = "$Default"): TemplateVersion {
  const number =
    version === "$Latest" ? latestNumber(template) : version === "$Default" ? template.defaultVersion : Number(version);
  const found = template.versions.find((one) => one.number === number);
  if (found) return found;
  throw new AwsError(
    "InvalidLaunchTemplateId.VersionNotFound",
    `Could not find the specified version ${version} for the launch template with ID ${template.id}.`,
  );
}

/** The version for a launch. @throws as requireTemplate and requireVersionOf */
export const findTemplateVersion = (call: Call, reference: TemplateReference): TemplateVersion =>
  requireVersionOf(requireTemplate(call, reference), reference.Version || undefined);

/** The permission to use or change a template. Empty if the request names none. */
export function authorizeTemplate(call: Call, reference: TemplateReference | undefined): Partial<Authorization>[] {
  if (!reference?.LaunchTemplateId && !reference?.LaunchTemplateName) return [];
  return [authorizeResource(call, "launch-template", reference.LaunchTemplateId ?? lookUp(call, reference)?.id)];
}

/** @param resolve replaces the parameter that names the image by the image's id (`ResolveAlias`) */
export function toVersion(
  call: Call,
  template: LaunchTemplate,
  version: TemplateVersion,
  resolve: boolean,
): LaunchTemplateVersion {
  // The response has the request's members, plus some states that nothing has here.
  const data = version.data as ResponseLaunchTemplateData;
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    VersionDescription: version.description,
    CreateTime: new Date(version.createdAt),
    CreatedBy: version.createdBy,
    DefaultVersion: version.number === template.defaultVersion,
    LaunchTemplateData: resolve && data.ImageId ? { ...data, ImageId: resolveImageId(call, data.ImageId) } : data,
  };
}
