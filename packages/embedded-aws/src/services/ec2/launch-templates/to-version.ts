import type { LaunchTemplateVersion, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { Call } from "../../../engine/operation.ts";
import { resolveImageId } from "../instances/image-parameter.ts";
import type { LaunchTemplate, TemplateVersion } from "./launch-template.ts";

/** @param resolve shows the image's id in place of the parameter that names it (`ResolveAlias`) */
export function toVersion(
  call: Call,
  template: LaunchTemplate,
  version: TemplateVersion,
  resolve: boolean,
): LaunchTemplateVersion {
  // The response's members are called as the request's; its own are a state here and there, which nothing has here.
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
