import type * as Sdk from "@aws-sdk/client-auto-scaling";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call } from "../../engine/operation.ts";
import {
  requireTemplate,
  requireVersionOf,
  type TemplateVersion,
  templatesState,
} from "../ec2/launch-templates/launch-template.ts";
import { reading } from "./readings.ts";
import { type Configuration, type Group, type GroupTemplate, invalid, type Member, type Override } from "./state.ts";

export interface ConfigurationInput {
  readonly LaunchTemplate?: Sdk.LaunchTemplateSpecification | undefined;
  readonly MixedInstancesPolicy?: Sdk.MixedInstancesPolicy | undefined;
}

/** One way to launch an instance of a configuration. */
export interface Choice {
  readonly template: GroupTemplate;
  readonly instanceType: string | undefined;
  readonly imageId: string | undefined;
}

/** API reference, InstancesDistribution: the defaults. */
const DISTRIBUTION = {
  OnDemandAllocationStrategy: "prioritized",
  OnDemandBaseCapacity: 0,
  OnDemandPercentageAboveBaseCapacity: 100,
  SpotAllocationStrategy: "lowest-price",
} as const;

const notBuilt = (what: string): AwsError =>
  new AwsError("NotImplemented", `autoscaling is not built for MixedInstancesPolicy with ${what}`, { status: 400 });

const fully = (message: string): AwsError => invalid(`You must use a valid fully-formed launch template. ${message}`);

/** The template version that a launch would use now. @throws EC2's errors */
export const versionNow = (place: Place, { id, version }: GroupTemplate): TemplateVersion => {
  const template = place.aws.state(templatesState, place.account, place.region).templates.get(id);
  if (!template) throw fully(`The specified launch template, with template ID ${id}, does not exist.`);
  return requireVersionOf(template, version);
};

type Place = Pick<Call, "aws" | "account" | "region">;

/** @throws ValidationError for a template or version that does not exist */
function templateOf(call: Call, asked: Sdk.LaunchTemplateSpecification): GroupTemplate {
  try {
    const template = requireTemplate(call, asked);
    requireVersionOf(template, asked.Version);
    return { id: template.id, name: template.name, version: asked.Version };
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    throw fully(refusal.message);
  }
}

function overrideOf(call: Call, asked: Sdk.LaunchTemplateOverrides): Override {
  if (asked.InstanceRequirements) throw notBuilt("InstanceRequirements");
  if (asked.WeightedCapacity) throw notBuilt("WeightedCapacity");
  return {
    instanceType: asked.InstanceType,
    imageId: asked.ImageId,
    template: asked.LaunchTemplateSpecification && templateOf(call, asked.LaunchTemplateSpecification),
  };
}

function mixedOf(call: Call, policy: Sdk.MixedInstancesPolicy): Configuration {
  const { LaunchTemplateSpecification: specification, Overrides = [] } = policy.LaunchTemplate ?? {};
  if (!specification)
    throw invalid("MixedInstancesPolicy must contain a LaunchTemplate with a LaunchTemplateSpecification.");
  const distribution = { ...DISTRIBUTION, ...policy.InstancesDistribution };
  if ((distribution.OnDemandPercentageAboveBaseCapacity ?? 100) < 100) throw notBuilt("Spot Instances");
  const overrides = Overrides.map((one) => overrideOf(call, one));
  return { template: templateOf(call, specification), mixed: { overrides, distribution } };
}

/**
 * The configuration of a request; undefined if the request has none.
 * @throws ValidationError for a configuration that cannot be launched: without template or image
 */
export function configurationOf(call: Call, input: ConfigurationInput): Configuration | undefined {
  const { LaunchTemplate: template, MixedInstancesPolicy: policy } = input;
  if (template && policy) {
    throw invalid("Valid requests must contain either LaunchTemplate or MixedInstancesPolicy parameter, not both.");
  }
  if (!template && !policy) return undefined;
  const configuration = policy
    ? mixedOf(call, policy)
    : { template: templateOf(call, template ?? {}), mixed: undefined };
  for (const choice of choicesOf(configuration)) {
    if (!choice.imageId && !versionNow(call, choice.template).data.ImageId) {
      throw fully("The request must contain the parameter ImageId");
    }
  }
  if (configuration.mixed && usesParameter(call, configuration) && reading(call.aws, "parameterGroups") === "refused") {
    // inferred: documented in the user guide of 2023; the current one was not seen.
    throw fully(
      "A launch template that specifies an SSM parameter in place of an AMI ID cannot be used with a MixedInstancesPolicy",
    );
  }
  return configuration;
}

/** In order of priority: each override, or the template by itself. */
export function choicesOf({ template, mixed }: Configuration): readonly [Choice, ...Choice[]] {
  const [first, ...rest] = (mixed?.overrides ?? []).map((one) => ({
    template: one.template ?? template,
    instanceType: one.instanceType,
    imageId: one.imageId,
  }));
  return first ? [first, ...rest] : [{ template, instanceType: undefined, imageId: undefined }];
}

/** Whether the template names its AMI by a parameter. */
export const usesParameter = (place: Place, configuration: Configuration): boolean =>
  choicesOf(configuration).some(
    ({ template, imageId }) =>
      !imageId && versionNow(place, template).data.ImageId?.startsWith("resolve:ssm:") === true,
  );

/** Whether the version can change without a request: `$Latest`, `$Default`, or none given. */
export const isMoving = ({ template: { version } }: Configuration): boolean => !version || version.startsWith("$");

/**
 * Whether an instance is what its group would launch now: same template, version, type and override AMI. Contents of
 * the template are not compared.
 */
export function matches(aws: EmbeddedAws, group: Group, member: Member, configuration: Configuration): boolean {
  const place = { aws, account: group.account, region: group.region };
  return choicesOf(configuration).some(({ template, instanceType, imageId }) => {
    const version = findVersion(place, template);
    return (
      version !== undefined &&
      member.template.id === template.id &&
      member.template.version === String(version.number) &&
      member.overrideImage === imageId &&
      (instanceType ?? version.data.InstanceType ?? member.instanceType) === member.instanceType
    );
  });
}

/** Undefined: the template or version was deleted. */
function findVersion(place: Place, template: GroupTemplate): TemplateVersion | undefined {
  try {
    return versionNow(place, template);
  } catch (gone) {
    if (gone instanceof AwsError) return undefined;
    throw gone;
  }
}

export const toTemplate = ({ id, name, version }: GroupTemplate): Sdk.LaunchTemplateSpecification => ({
  LaunchTemplateId: id,
  LaunchTemplateName: name,
  ...(version && { Version: version }),
});

/** As responses show it. */
export function toConfiguration({ template, mixed }: Configuration): Sdk.DesiredConfiguration {
  if (!mixed) return { LaunchTemplate: toTemplate(template) };
  return {
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: toTemplate(template),
        Overrides: mixed.overrides.map((one) => ({
          InstanceType: one.instanceType,
          ImageId: one.imageId,
          LaunchTemplateSpecification: one.template && toTemplate(one.template),
        })),
      },
      InstancesDistribution: mixed.distribution,
    },
  };
}
