import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type * as Sdk from "@aws-sdk/client-ssm";
import type { PutParameterCommandInput } from "@aws-sdk/client-ssm";
import { afterWork } from "../../engine/clock/clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { forgetResource } from "../ram/state.ts";
import { requestTagContext } from "../tag-context.ts";
import { addVersion, type NewVersion, nextVersion, publishParameterChange, requireRoom } from "./add-version.ts";
import { authorizeParameter, authorizeParameterKey, DEFAULT_KEY, requireParameterKey } from "./authorize-parameter.ts";
import { parameterArn, requireParameter, requireWritableName } from "./find-parameter.ts";
import { requireValidParameter } from "./parameter-constraints.ts";
import { latest, type Parameter, ssmState } from "./state.ts";

/** Duration of an AMI id's validation. AWS says "up to a few minutes"; usually it is seconds. */
const VALIDATION_MS = 2_000;

/** After the first attempt, a parameter whose validation failed cannot be written again for this time. */
const RETRY_AFTER_MS = 300_000;

type Tags = (readonly [string, string])[];

export const operations = {
  /**
   * Parameters of data type `aws:ec2:image` are validated after the response: the new version appears shortly after, or
   * never; only an event reports the result ("Using native parameter support in Parameter Store for Amazon Machine
   * Image IDs").
   */
  PutParameter: {
    authorize(input, call) {
      const tags = requestTagContext(tagsOf(input));
      const named = (action: string) => ({
        action,
        ...authorizeParameter(call, input.Name, { ...tags, "ssm:Overwrite": String(input.Overwrite ?? false) }),
      });
      return [
        named("ssm:PutParameter"),
        ...(input.Tags?.length ? [named("ssm:AddTagsToResource")] : []),
        ...authorizeEncryption(input, call),
      ];
    },
    run(input, call) {
      const { aws, account, region } = call;
      const { parameters, validating, undecided } = aws.state(ssmState, account, region);
      const name = input.Name ?? "";
      const existing = parameters.get(name);
      const version = requireValidParameter(input, existing && latest(existing), call);
      if (version.keyId) requireParameterKey(call, version.keyId);
      requireRoom(existing);
      if ((validating.get(name) ?? 0) > aws.clock.now()) {
        throw new AwsError(
          "TooManyUpdates",
          `The value of parameter ${name} is still being validated. Try again five minutes after the first attempt.`,
        );
      }
      const answer = { Version: nextVersion(existing), Tier: version.tier };
      if (version.dataType === "aws:ec2:image") {
        validating.set(name, aws.clock.now() + RETRY_AFTER_MS);
        const finish = () => {
          undecided.delete(name);
          return finishValidation(call, name, version, tagsOf(input));
        };
        const cancel = afterWork(aws.clock, VALIDATION_MS, finish);
        undecided.set(name, () => {
          cancel();
          return finish();
        });
      } else {
        write(call, name, version, tagsOf(input));
      }
      return answer;
    },
  },
  DeleteParameter: {
    authorize: (input, call) => [authorizeParameter(call, input.Name)],
    run(input, call) {
      requireWritableName(input.Name ?? "");
      remove(call, requireParameter(call.aws, call, input.Name));
    },
  },
  /** Names that do not exist are answered as invalid. */
  DeleteParameters: {
    authorize: (input, call) => (input.Names ?? []).map((name) => authorizeParameter(call, name)),
    run(input, call) {
      const { parameters } = call.aws.state(ssmState, call.account, call.region);
      const names = [...new Set(input.Names)];
      const there = names.flatMap((name) => parameters.get(name) ?? []);
      for (const parameter of there) remove(call, parameter);
      const deleted = there.map(({ name }) => name);
      return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
    },
  },
} satisfies Operations<typeof Sdk>;

/**
 * Advanced parameters are encrypted with a data key (Systems Manager user guide, "Encrypting and decrypting parameters
 * using AWS KMS keys").
 */
function authorizeEncryption(input: PutParameterCommandInput, call: Call): Partial<Authorization>[] {
  const { aws, account, region } = call;
  const name = input.Name ?? "";
  const existing = aws.state(ssmState, account, region).parameters.get(name);
  const { type = undefined, tier = undefined } = existing ? latest(existing) : {};
  if ((input.Type ?? type) !== "SecureString") return [];
  const action = (input.Tier ?? tier) === "Advanced" ? "kms:GenerateDataKey" : "kms:Encrypt";
  const arn = parameterArn(aws.partition, region, account, name);
  return [authorizeParameterKey(call, action, input.KeyId ?? DEFAULT_KEY, arn)];
}

/** Parameter Store calls EC2 with the caller's permissions: an AMI that the caller cannot see fails validation. */
async function imageExists(call: Call, imageId: string): Promise<boolean> {
  try {
    const found = await call.aws.call<DescribeImagesCommandOutput>(
      "ec2",
      "DescribeImages",
      { ImageIds: [imageId] },
      call,
    );
    return found.Images?.length === 1;
  } catch (refusal) {
    if (refusal instanceof AwsError) return false;
    throw refusal;
  }
}

const tagsOf = (input: PutParameterCommandInput): Tags =>
  (input.Tags ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""] as const);

function write(call: Call, name: string, version: NewVersion, tags: Tags): void {
  const parameter = addVersion(call.aws, call, name, version);
  for (const [key, value] of tags) parameter.tags.set(key, value);
  publishParameterChange(call.aws, {
    account: call.account,
    region: call.region,
    arn: parameter.arn,
    name,
    type: version.type,
    operation: parameter.versions.length > 1 ? "Update" : "Create",
    description: version.description,
  });
}

/** Completes a value's validation at once, for a deployment, which waits for it while time stands still. */
export async function decideValidation(aws: EmbeddedAws, account: string, region: string, name: string): Promise<void> {
  await aws.state(ssmState, account, region).undecided.get(name)?.();
}

async function finishValidation(call: Call, name: string, version: NewVersion, tags: Tags): Promise<void> {
  const { aws, account, region } = call;
  const { parameters, validating } = aws.state(ssmState, account, region);
  if (await imageExists(call, version.value)) {
    validating.delete(name);
    return write(call, name, version, tags);
  }
  publishParameterChange(aws, {
    account,
    region,
    arn: parameterArn(aws.partition, region, account, name),
    name,
    type: version.type,
    operation: parameters.has(name) ? "Update" : "Create",
    failure: { exception: "Unable to Describe Resource", dataType: version.dataType },
  });
}

function remove(call: Call, parameter: Parameter): void {
  call.aws.state(ssmState, call.account, call.region).parameters.delete(parameter.name);
  forgetResource(call.aws, call.region, parameter.arn);
  const { type, description } = latest(parameter);
  publishParameterChange(call.aws, {
    account: call.account,
    region: call.region,
    arn: parameter.arn,
    name: parameter.name,
    type,
    operation: "Delete",
    description,
  });
}
