import { AwsError } from "../../../engine/aws-error.ts";
import type { Authorization, Call } from "../../../engine/operation.ts";
import { authorizeResource } from "../authorization.ts";
import { missingParameter } from "../refusals.ts";
import { type LaunchTemplate, type TemplateVersion, templatesState } from "./launch-template.ts";

/** A template by id or name, not both; and of its versions `$Latest`, `$Default` or a number. */
export interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  readonly Version?: string | undefined;
}

function lookUp(call: Call, { LaunchTemplateId: id, LaunchTemplateName: name }: TemplateReference) {
  const { templates } = call.aws.state(templatesState, call.account, call.region);
  return id ? templates.get(id) : [...templates.values()].find((one) => one.name === name);
}

/** @throws InvalidLaunchTemplateId.Malformed, InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateName.NotFoundException */
export function requireTemplate(call: Call, reference: TemplateReference): LaunchTemplate {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = reference;
  if (id && name) {
    throw new AwsError(
      "InvalidParameterCombination",
      "The parameters launchTemplateId and launchTemplateName may not be used together: specify one of them.",
      { status: 400 },
    );
  }
  if (!id && !name) throw missingParameter("launchTemplateId or launchTemplateName");
  if (id && !/^lt-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
    throw new AwsError("InvalidLaunchTemplateId.Malformed", `Invalid id: "${id}"`, { status: 400 });
  }
  const template = lookUp(call, reference);
  if (template) return template;
  throw id
    ? new AwsError(
        "InvalidLaunchTemplateId.NotFound",
        `The specified launch template, with template ID ${id}, does not exist.`,
        { status: 400 },
      )
    : new AwsError(
        "InvalidLaunchTemplateName.NotFoundException",
        `The specified launch template, with template name ${name}, does not exist.`,
        { status: 400 },
      );
}

/** @param version `$Latest`, `$Default` or a number. @throws InvalidLaunchTemplateId.VersionNotFound */
export function requireVersionOf(template: LaunchTemplate, version = "$Default"): TemplateVersion {
  const number =
    version === "$Latest"
      ? template.versions.length
      : version === "$Default"
        ? template.defaultVersion
        : Number(version);
  const found = template.versions.find((one) => one.number === number);
  if (found) return found;
  throw new AwsError(
    "InvalidLaunchTemplateId.VersionNotFound",
    `Could not find the specified version ${version} for the launch template with ID ${template.id}.`,
    { status: 400 },
  );
}

/** The version that a launch means. @throws as requireTemplate and requireVersionOf */
export const findTemplateVersion = (call: Call, reference: TemplateReference): TemplateVersion =>
  requireVersionOf(requireTemplate(call, reference), reference.Version || undefined);

/** The right to use, or change, a template. Nothing where the request names none. */
export function authorizeTemplate(call: Call, reference: TemplateReference | undefined): Partial<Authorization>[] {
  if (!reference?.LaunchTemplateId && !reference?.LaunchTemplateName) return [];
  return [authorizeResource(call, "launch-template", reference.LaunchTemplateId ?? lookUp(call, reference)?.id)];
}
