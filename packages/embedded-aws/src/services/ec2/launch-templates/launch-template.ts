import type { LaunchTemplate as LaunchTemplateOutput, RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { defineState } from "../../../engine/state.ts";
import { tagsOf, toTags } from "../resource-tags.ts";

export interface TemplateVersion {
  /** From 1. */
  readonly number: number;
  readonly description: string | undefined;
  readonly createdAt: number;
  /** ARN. */
  readonly createdBy: string;
  /** As it was given: EC2 checks it when something is launched. */
  readonly data: RequestLaunchTemplateData;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly defaultVersion: number;
  /** Oldest first; never empty. */
  readonly versions: TemplateVersion[];
}

interface TemplatesState {
  /** By id. */
  readonly templates: Map<string, LaunchTemplate>;
  /** The template, or template and version, that a client token made. */
  readonly tokens: Map<string, string>;
}

export const templatesState = defineState<TemplatesState>("ec2.launch-templates", () => ({
  templates: new Map(),
  tokens: new Map(),
}));

export function toTemplate(aws: EmbeddedAws, template: LaunchTemplate): LaunchTemplateOutput {
  const tags = tagsOf(aws, { account: template.owner, region: template.region }, template.id);
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAt),
    CreatedBy: template.createdBy,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.versions.length,
    Tags: tags.size > 0 ? toTags(tags) : undefined,
  };
}
