import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { requestTagContext } from "../../tag-context.ts";
import { authorizeCreationTags, ec2Arn } from "../authorization.ts";
import { authorizeImageParameter } from "../instances/image-parameter.ts";
import { dryRunSucceeded } from "../refusals.ts";
import { addTags, specifiedTags } from "../resource-tags.ts";
import { ec2State } from "../state.ts";
import {
  authorizeTemplate,
  type LaunchTemplate,
  requireTemplate,
  requireVersionOf,
  type TemplateVersion,
  templatesState,
  toTemplate,
  toVersion,
} from "./launch-template.ts";

const tokenKey = (operation: string, token: string) => `${operation} ${token}`;

/** Refuses empty template data; its contents are not checked before a launch. */
function requireData(data: Sdk.CreateLaunchTemplateCommandInput["LaunchTemplateData"]): void {
  if (Object.values(data ?? {}).some((value) => value !== undefined)) return;
  throw new AwsError("InvalidRequest", "The launch template data must not be empty.");
}

function addVersion(
  { aws, principal }: Call,
  template: LaunchTemplate,
  description: string | undefined,
  data: TemplateVersion["data"],
): TemplateVersion {
  const version: TemplateVersion = {
    number: template.nextNumber++,
    description,
    createdAt: aws.clock.now(),
    createdBy: principal.arn,
    data,
  };
  template.versions = [...template.versions, version];
  return version;
}

/** API reference, CreateLaunchTemplateVersion, SourceVersion: snapshots of its devices are ignored. */
function withoutSnapshots({ BlockDeviceMappings: devices, ...data }: TemplateVersion["data"]): TemplateVersion["data"] {
  if (!devices) return data;
  return {
    ...data,
    BlockDeviceMappings: devices.map(({ Ebs: { SnapshotId: _, ...ebs } = {}, ...device }) => ({ ...device, Ebs: ebs })),
  };
}

export const operations = {
  CreateLaunchTemplate: {
    authorize: (input, call) => [
      {
        resources: [ec2Arn(call, "launch-template", "*")],
        context: requestTagContext(specifiedTags(input.TagSpecifications, "launch-template")),
      },
      ...authorizeCreationTags(call, "CreateLaunchTemplate", input.TagSpecifications),
    ],
    run(input, call) {
      if (input.Operator) throw new AwsError("NotImplemented", "ec2:CreateLaunchTemplate is not built for Operator");
      const { aws, account, region } = call;
      const { templates, tokens } = aws.state(templatesState, account, region);
      const known = input.ClientToken && templates.get(tokens.get(tokenKey("template", input.ClientToken)) ?? "");
      if (known) return { LaunchTemplate: toTemplate(aws, known) };
      const name = input.LaunchTemplateName ?? "";
      requireData(input.LaunchTemplateData);
      if ([...templates.values()].some((other) => other.name === name)) {
        throw new AwsError("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
      }
      const template: LaunchTemplate = {
        id: `lt-${aws.hexId(17)}`,
        name,
        owner: account,
        region,
        createdAt: aws.clock.now(),
        createdBy: call.principal.arn,
        defaultVersion: 1,
        versions: [],
        nextNumber: 1,
      };
      addVersion(call, template, input.VersionDescription, input.LaunchTemplateData ?? {});
      templates.set(template.id, template);
      if (input.ClientToken) tokens.set(tokenKey("template", input.ClientToken), template.id);
      addTags(aws, call, template.id, specifiedTags(input.TagSpecifications, "launch-template"));
      return { LaunchTemplate: toTemplate(aws, template) };
    },
  },
  /** A version starts from its source version, if given, and overrides it by parameter. */
  CreateLaunchTemplateVersion: {
    authorize: (input, call) => [
      ...authorizeTemplate(call, input),
      ...(input.ResolveAlias ? authorizeImageParameter(call, input.LaunchTemplateData?.ImageId) : []),
    ],
    run(input, call) {
      const template = requireTemplate(call, input);
      const { tokens } = call.aws.state(templatesState, call.account, call.region);
      const key = input.ClientToken && tokenKey(template.id, input.ClientToken);
      const known = key ? template.versions.find(({ number }) => String(number) === tokens.get(key)) : undefined;
      const resolve = input.ResolveAlias === true;
      if (known) return { LaunchTemplateVersion: toVersion(call, template, known, resolve) };
      if (input.DryRun) throw dryRunSucceeded();
      const source = input.SourceVersion ? withoutSnapshots(requireVersionOf(template, input.SourceVersion).data) : {};
      const own = Object.fromEntries(
        Object.entries(input.LaunchTemplateData ?? {}).filter(([, value]) => value !== undefined),
      );
      const data = { ...source, ...own };
      requireData(data);
      const version = addVersion(call, template, input.VersionDescription, data);
      if (key) tokens.set(key, String(version.number));
      return { LaunchTemplateVersion: toVersion(call, template, version, resolve) };
    },
  },
  /** Deletes it with all its versions. */
  DeleteLaunchTemplate: {
    authorize: (input, call) => authorizeTemplate(call, input),
    run(input, call) {
      const template = requireTemplate(call, input);
      const LaunchTemplate = toTemplate(call.aws, template);
      call.aws.state(templatesState, call.account, call.region).templates.delete(template.id);
      call.aws.state(ec2State, call.account, call.region).tags.delete(template.id);
      return { LaunchTemplate };
    },
  },
} satisfies Operations<typeof Sdk>;
