import type { BlueprintResource } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import type { ProviderException } from "./provider-exceptions.ts";
import type { ProviderSchema } from "./provider-schema.ts";
import { toTerraform } from "./to-terraform.ts";

/** As `terraform providers schema -json` writes it, cut down to what these tests use. */
const schema: ProviderSchema = {
  resource_schemas: {
    aws_cloudwatch_metric_alarm: { block: { attributes: { alarm_name: { type: "string" } } } },
    aws_iam_role: {
      block: {
        attributes: { name: { type: "string" }, assume_role_policy: { type: "string" } },
        block_types: {
          inline_policy: { block: { attributes: { name: { type: "string" }, policy: { type: "string" } } } },
        },
      },
    },
    aws_kms_key: { block: { attributes: { description: { type: "string" }, tags: { type: ["map", "string"] } } } },
    aws_lambda_function: { block: { attributes: { function_name: { type: "string" }, runtime: { type: "string" } } } },
    aws_security_group: {
      block: {
        attributes: {
          egress: { type: ["set", ["object", { from_port: "number", self: "bool" }]] },
          vpc_id: { type: "string" },
        },
      },
    },
    aws_ssm_parameter: { block: { attributes: { value: { type: "string" } } } },
  },
  data_source_schemas: { aws_vpc: { block: { attributes: { tags: { type: ["map", "string"] } } } } },
};

const resource = (type: string, name: string, inputs: object, more: Partial<BlueprintResource> = {}) => ({
  type,
  name,
  region: "eu-west-1",
  inputs: { ...inputs },
  ...more,
});

const convert = (resources: readonly BlueprintResource[], exceptions: readonly ProviderException[] = []) =>
  toTerraform(
    { account: "111122223333", partition: "aws", buildRegion: "eu-west-1", resources },
    { schema, exceptions, archive: "functions.zip" },
  );

test("types and arguments have Terraform's names", () => {
  const alarm = resource("aws:cloudwatch/metricAlarm:MetricAlarm", "Failed", { name: "failed" });
  const vpc = resource("aws:ec2/getVpc:getVpc", "Net", { tags: { Name: "net" } });

  expect(convert([alarm, vpc])).toEqual({
    data: { aws_vpc: { Net: { tags: { Name: "net" } } } },
    resource: { aws_cloudwatch_metric_alarm: { Failed: { alarm_name: "failed" } } },
  });
});

test("a type that the provider does not have is named", () => {
  expect(() => convert([resource("aws:braket/job:Job", "Job", {})])).toThrow(
    "The provider has no type for aws:braket/job:Job",
  );
});

test("documents become text; blocks that may come more than once lose their plural", () => {
  const role = resource("aws:iam/role:Role", "Reader", {
    assumeRolePolicy: { Statement: [] },
    inlinePolicies: [{ name: "inline", policy: { Version: "2012-10-17" } }],
  });

  expect(convert([role]).resource?.aws_iam_role?.Reader).toEqual({
    assume_role_policy: '{"Statement":[]}',
    inline_policy: [{ name: "inline", policy: '{"Version":"2012-10-17"}' }],
  });
});

test("objects of attributes have all of their members", () => {
  const group = resource("aws:ec2/securityGroup:SecurityGroup", "Builds", { egress: [{ fromPort: 443 }] });

  expect(convert([group]).resource?.aws_security_group?.Builds).toEqual({ egress: [{ from_port: 443, self: null }] });
});

test("references name what they refer to; everything else is escaped", () => {
  const key = resource("aws:kms/key:Key", "Key", {
    description: "${Net.id} ${Version.result} ${secret.Token} ${Package}\t%{NAME} ${aws:InstanceId}",
    tags: { "${Key.keyId}": "a" },
  });
  const vpc = resource("aws:ec2/getVpc:getVpc", "Net", {});
  const version = resource("random:index/randomInteger:RandomInteger", "Version", { min: 0, max: 9 });

  const converted = convert([key, vpc, version]);

  expect(converted.resource?.aws_kms_key?.Key).toEqual({
    description: "${data.aws_vpc.Net.id} ${local.Version} ${var.Token} $${Package}\t%%{NAME} $${aws:InstanceId}",
    tags: { "${aws_kms_key.Key.key_id}": "a" },
  });
  expect(converted).toMatchObject({ variable: { Token: { type: "string", sensitive: true } }, locals: { Version: 1 } });
});

test("a reference to nothing is named", () => {
  expect(() => convert([resource("aws:kms/key:Key", "Key", { description: "${Gone.id}" })])).toThrow(
    "The blueprint has no resource Gone",
  );
});

test("a parameter that is looked up becomes a data source", () => {
  const parameter = resource("aws:ssm/parameter:Parameter", "Parent", { value: "{{resolve:ssm:/aws/ami/al2023-x86}}" });

  expect(convert([parameter])).toEqual({
    data: { aws_ssm_parameter: { aws_ami_al2023_x86: { name: "/aws/ami/al2023-x86" } } },
    resource: {
      aws_ssm_parameter: { Parent: { value: "${data.aws_ssm_parameter.aws_ami_al2023_x86.insecure_value}" } },
    },
  });
});

test("regions choose the provider, options the life cycle, dependencies the order", () => {
  const key = resource("aws:kms/key:Key", "Key", {}, { region: "us-east-1", options: { retainOnDelete: true } });
  const role = resource(
    "aws:iam/role:Role",
    "Role",
    {},
    {
      dependencies: { policy: ["Key"], dependsOn: ["Key", "Version"] },
      options: { deleteBeforeReplace: false, ignoreChanges: ["assumeRolePolicy"], protect: true },
    },
  );
  const version = resource("random:index/randomInteger:RandomInteger", "Version", {});

  expect(convert([key, role, version]).resource).toEqual({
    aws_kms_key: { Key: { provider: "aws.us-east-1" } },
    aws_iam_role: {
      Role: {
        depends_on: ["aws_kms_key.Key"],
        lifecycle: { create_before_destroy: true, ignore_changes: ["assume_role_policy"], prevent_destroy: true },
      },
    },
  });
});

test("functions have the archive, and exceptions replace or remove arguments", () => {
  const runtime = { type: "aws_lambda_function", argument: "runtime", value: "nodejs24.x", instead: "nodejs22.x" };
  const tags = { type: "aws_kms_key", argument: "tags" };
  const exceptions = [runtime, tags].map((one) => ({ ...one, error: "unknown" }));
  const functionOf = (name: string, value: string) =>
    resource("aws:lambda/function:Function", name, { name, runtime: value }, { handler: "functions/a.handler" });
  const key = resource("aws:kms/key:Key", "Key", { tags: { a: "b" } });

  expect(convert([functionOf("New", "nodejs24.x"), functionOf("Old", "nodejs20.x"), key], exceptions).resource).toEqual(
    {
      aws_kms_key: { Key: {} },
      aws_lambda_function: {
        New: { filename: "functions.zip", function_name: "New", runtime: "nodejs22.x" },
        Old: { filename: "functions.zip", function_name: "Old", runtime: "nodejs20.x" },
      },
    },
  );
});
