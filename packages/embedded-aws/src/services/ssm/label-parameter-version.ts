import type * as Sdk from "@aws-sdk/client-ssm";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { publishParameterChange } from "./add-version.ts";
import { authorizeParameter } from "./authorize-parameter.ts";
import { requireParameter, versionAt } from "./find-parameter.ts";
import { latest } from "./state.ts";

const MAX_LABELS = 10;

/**
 * Letters, digits, `.`, `-`, `_`; not beginning with a digit, `aws` or `ssm` (Parameter Store, "Working with parameter
 * labels").
 */
const isLabel = (label: string): boolean => /^(?!aws|ssm)[a-z_.-][a-z0-9_.-]{0,99}$/i.test(label);

export const operations = {
  /** A label is on one version: setting it on another moves it. */
  LabelParameterVersion: {
    authorize: (input, call) => [authorizeParameter(call, input.Name)],
    run(input, call) {
      const parameter = requireParameter(call.aws, call, input.Name);
      const version = versionAt(parameter, String(input.ParameterVersion ?? latest(parameter).version));
      const wanted = [...new Set(input.Labels)];
      const valid = wanted.filter(isLabel);
      if (new Set([...version.labels, ...valid]).size > MAX_LABELS) {
        throw new AwsError(
          "ParameterVersionLabelLimitExceeded",
          `A parameter version can have maximum ${MAX_LABELS} labels. Move one or more labels to another version and try again.`,
        );
      }
      for (const other of parameter.versions) for (const label of valid) other.labels.delete(label);
      for (const label of valid) version.labels.add(label);
      if (valid.length > 0) {
        publishParameterChange(call.aws, {
          account: call.account,
          region: call.region,
          arn: parameter.arn,
          name: parameter.name,
          type: version.type,
          operation: "LabelParameterVersion",
          description: version.description,
        });
      }
      return { InvalidLabels: wanted.filter((label) => !isLabel(label)), ParameterVersion: version.version };
    },
  },
  UnlabelParameterVersion: {
    authorize: (input, call) => [authorizeParameter(call, input.Name)],
    run(input, call) {
      const { labels } = versionAt(requireParameter(call.aws, call, input.Name), String(input.ParameterVersion));
      const wanted = [...new Set(input.Labels)];
      const removed = wanted.filter((label) => labels.delete(label));
      return { RemovedLabels: removed, InvalidLabels: wanted.filter((label) => !removed.includes(label)) };
    },
  },
} satisfies Operations<typeof Sdk>;
