import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Operations } from "../../../engine/operation.ts";
import { dryRunSucceeded, missingParameter } from "../refusals.ts";
import {
  authorizeTemplate,
  type LaunchTemplate,
  requireTemplate,
  requireVersionOf,
  toTemplate,
} from "./launch-template.ts";

/** API reference, DeleteLaunchTemplateVersions. */
const MOST = 200;

/** Why a version cannot be deleted; undefined: it can. The message for the default version is not AWS's. */
function obstacle(
  template: LaunchTemplate,
  version: string,
): Pick<Sdk.DeleteLaunchTemplateVersionsResponseErrorItem, "ResponseError"> | undefined {
  if (!template.versions.some(({ number }) => String(number) === version)) {
    const Message = `Could not find launch template version ${version} for the launch template ${template.id}.`;
    return { ResponseError: { Code: "launchTemplateVersionDoesNotExist", Message } };
  }
  if (String(template.defaultVersion) !== version) return undefined;
  return {
    ResponseError: { Code: "unexpectedError", Message: "Cannot delete the default version of a launch template." },
  };
}

export const operations = {
  ModifyLaunchTemplate: {
    authorize: (input, call) => authorizeTemplate(call, input),
    run(input, call) {
      const template = requireTemplate(call, input);
      if (input.DryRun) throw dryRunSucceeded();
      if (!input.DefaultVersion) throw missingParameter("setDefaultVersion");
      template.defaultVersion = requireVersionOf(template, input.DefaultVersion).number;
      return { LaunchTemplate: toTemplate(call.aws, template) };
    },
  },
  /** Each version independently; the default version stays. */
  DeleteLaunchTemplateVersions: {
    authorize: (input, call) => authorizeTemplate(call, input),
    run(input, call) {
      const template = requireTemplate(call, input);
      const { Versions: versions = [] } = input;
      if (versions.length > MOST) {
        throw new AwsError("InvalidParameterValue", `At most ${MOST} versions can be deleted in one request.`);
      }
      if (input.DryRun) throw dryRunSucceeded();
      const items = [...new Set(versions)].map((version) => ({
        item: { LaunchTemplateId: template.id, LaunchTemplateName: template.name, VersionNumber: Number(version) },
        refused: obstacle(template, version),
      }));
      const gone = items.filter(({ refused }) => !refused).map(({ item }) => item);
      template.versions = template.versions.filter(({ number }) =>
        gone.every(({ VersionNumber }) => VersionNumber !== number),
      );
      return {
        SuccessfullyDeletedLaunchTemplateVersions: gone,
        UnsuccessfullyDeletedLaunchTemplateVersions: items.flatMap(({ item, refused }) =>
          refused ? [{ ...item, ...refused }] : [],
        ),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
