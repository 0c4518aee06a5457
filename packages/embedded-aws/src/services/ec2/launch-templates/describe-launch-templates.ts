import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { type FilterFields, toPredicate } from "../filters.ts";
import { authorizeImageParameter } from "../instances/image-parameter.ts";
import { invalidCombination, requirePageSize } from "../refusals.ts";
import { tagReader } from "../resource-tags.ts";
import {
  type LaunchTemplate,
  requireTemplate,
  requireVersionOf,
  type TemplateVersion,
  templatesState,
  toTemplate,
  toVersion,
} from "./launch-template.ts";

const templatesOf = ({ aws, account, region }: Call): LaunchTemplate[] => [
  ...aws.state(templatesState, account, region).templates.values(),
];

/** DescribeLaunchTemplates has its own message for a name that does not exist. */
function requireNamed(call: Call, name: string): LaunchTemplate {
  const template = templatesOf(call).find((one) => one.name === name);
  if (template) return template;
  throw new AwsError(
    "InvalidLaunchTemplateName.NotFoundException",
    "At least one of the launch templates specified in the request does not exist.",
  );
}

interface Listed {
  readonly template: LaunchTemplate;
  readonly version: TemplateVersion;
}

const versionFilters: FilterFields<Listed> = {
  "create-time": ({ version }) => new Date(version.createdAt).toISOString(),
  "ebs-optimized": ({ version }) => String(version.data.EbsOptimized ?? false),
  "iam-instance-profile": ({ version }) =>
    version.data.IamInstanceProfile?.Arn ?? version.data.IamInstanceProfile?.Name,
  "image-id": ({ version }) => version.data.ImageId,
  "instance-type": ({ version }) => version.data.InstanceType,
  "is-default-version": ({ template, version }) => String(template.defaultVersion === version.number),
};

type VersionsInput = Sdk.DescribeLaunchTemplateVersionsCommandInput;

export const operations = {
  DescribeLaunchTemplates: {
    list: "LaunchTemplates",
    run(input, call) {
      const tags = tagReader(call.aws, call);
      const passes = toPredicate<LaunchTemplate>(
        input.Filters,
        {
          "create-time": ({ createdAt }) => new Date(createdAt).toISOString(),
          "launch-template-name": ({ name }) => name,
        },
        ({ id }) => tags(id),
      );
      const ids = input.LaunchTemplateIds ?? [];
      const names = input.LaunchTemplateNames ?? [];
      const named = [
        ...ids.map((LaunchTemplateId) => requireTemplate(call, { LaunchTemplateId })),
        ...names.map((name) => requireNamed(call, name)),
      ];
      const templates = (named.length > 0 ? named : templatesOf(call)).filter(passes);
      return { LaunchTemplates: templates.map((template) => toTemplate(call.aws, template)) };
    },
  },
  /** Newest first; for all templates if only `$Latest` or `$Default` are requested. */
  DescribeLaunchTemplateVersions: {
    list: "LaunchTemplateVersions",
    authorize: (input, call) => [
      {},
      ...(input.ResolveAlias ? listed(input, call) : []).flatMap(({ version }) =>
        authorizeImageParameter(call, version.data.ImageId),
      ),
    ],
    run(input, call) {
      const passes = toPredicate(input.Filters, versionFilters);
      const versions = listed(input, call).filter(passes);
      requirePageSize(input.MaxResults, 1, 200);
      return {
        LaunchTemplateVersions: versions.map(({ template, version }) =>
          toVersion(call, template, version, input.ResolveAlias === true),
        ),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function listed(input: VersionsInput, call: Call): Listed[] {
  const { Versions: versions = [], MinVersion, MaxVersion } = input;
  if (versions.length > 0 && (MinVersion || MaxVersion)) {
    throw invalidCombination("The parameter versions cannot be used with the parameters minVersion and maxVersion.");
  }
  const ofAll = versions.length > 0 && versions.every((one) => one === "$Latest" || one === "$Default");
  const some = input.LaunchTemplateId || input.LaunchTemplateName || !ofAll;
  return (some ? [requireTemplate(call, input)] : templatesOf(call)).flatMap((template) => {
    const asked = versions.length > 0 ? versions.map((one) => requireVersionOf(template, one)) : template.versions;
    return [...new Set(asked)]
      .filter(({ number }) => number >= Number(MinVersion ?? 1) && number <= Number(MaxVersion ?? Number.MAX_VALUE))
      .sort((a, b) => b.number - a.number)
      .map((version) => ({ template, version }));
  });
}
