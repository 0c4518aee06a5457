import type * as Sdk from "@aws-sdk/client-lambda";
import type { UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { requestTagContext } from "../tag-context.ts";
import { DEAD_LETTER_TARGETS, requireTarget } from "./deliver-record.ts";
import { fetchCode } from "./function-code.ts";
import { functionConfiguration } from "./functions.ts";
import { functionPlace, functions, invalidParameterValue, type LambdaFunction, toLogging } from "./state.ts";

export interface NewFunction {
  readonly name: string;
  /** `functions/start-build.handler`, from `root`. */
  readonly handler: string;
  /** The program's sources: an absolute folder. */
  readonly root: string;
  readonly code?: LambdaFunction["code"];
  /** ARN */
  readonly role: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly runtime?: string;
  readonly architecture?: string;
  readonly description?: string;
  readonly logging?: Sdk.LoggingConfig | undefined;
  /** A queue or a topic. */
  readonly deadLetterTargetArn?: string | undefined;
  readonly tracing?: Sdk.TracingMode;
  readonly ephemeralStorageMb?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Creates a function from its sources or its unpacked archive; defaults are Lambda's own.
 * @throws AwsError ResourceConflictException if the name is taken; InvalidParameterValueException
 */
export function createFunction(aws: EmbeddedAws, account: string, region: string, wanted: NewFunction): LambdaFunction {
  const place = functionPlace(wanted.name, { aws, account, region });
  const { name } = place;
  const existing = aws.state(functions, account, region);
  if (existing.has(name)) throw new AwsError("ResourceConflictException", `Function already exist: ${name}`);
  const { timeoutSeconds = 3, memoryMb = 128, environment = {}, deadLetterTargetArn } = wanted;
  checkSettings({ timeoutSeconds, memoryMb, environment, deadLetterTargetArn });
  const made: LambdaFunction = {
    account,
    region,
    name,
    arn: place.arn,
    handler: wanted.handler,
    root: wanted.root,
    code: wanted.code,
    role: wanted.role,
    description: wanted.description ?? "",
    environment,
    timeoutSeconds,
    memoryMb,
    runtime: wanted.runtime ?? "nodejs24.x",
    architecture: wanted.architecture ?? "x86_64",
    logging: toLogging(name, wanted.logging),
    deadLetterTargetArn,
    tracing: wanted.tracing ?? "PassThrough",
    ephemeralStorageMb: wanted.ephemeralStorageMb ?? 512,
    modifiedAt: aws.clock.now(),
    revisionId: aws.uuid(),
    tags: new Map(Object.entries(wanted.tags ?? {})),
    policy: new Map(),
    policyRevisionId: aws.uuid(),
    reservedConcurrency: undefined,
    eventInvokeConfig: undefined,
    recursiveLoop: "Terminate",
    url: undefined,
    running: 0,
  };
  existing.set(name, made);
  return made;
}

export const operations = {
  /** From an archive, which is unpacked on this machine; its code runs in this process's threads. */
  CreateFunction: {
    authorize({ FunctionName, Role, Tags = {} }, call) {
      const { arn } = functionPlace(FunctionName, call);
      const context = requestTagContext(Object.entries(Tags));
      return [{ resources: [arn], context }, ...givingRole(call.aws, Role, "lambda.amazonaws.com", arn)];
    },
    async run(input, call) {
      requireBuiltCreation(input);
      const { FunctionName: name = "", Role: role = "", Handler: handler, Runtime: runtime, Code = {} } = input;
      if (!handler || !runtime) {
        throw invalidParameterValue(
          "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
        );
      }
      const { root, code } = await fetchCode(Code, call);
      const made = createFunction(call.aws, call.account, call.region, {
        name,
        role,
        handler,
        runtime,
        root,
        code,
        ...stated({
          architecture: input.Architectures?.[0],
          deadLetterTargetArn: input.DeadLetterConfig?.TargetArn || undefined,
          description: input.Description,
          environment: input.Environment?.Variables,
          ephemeralStorageMb: input.EphemeralStorage?.Size,
          logging: input.LoggingConfig,
          memoryMb: input.MemorySize,
          tags: input.Tags,
          timeoutSeconds: input.Timeout,
          tracing: input.TracingConfig?.Mode,
        }),
      });
      return functionConfiguration(made);
    },
  },
} satisfies Operations<typeof Sdk>;

function requireBuiltCreation(input: Omit<Sdk.CreateFunctionRequest, "Code">): void {
  requireBuilt("CreateFunction", input);
  const { PackageType = "Zip", Publish, CodeSigningConfigArn } = input;
  const what =
    (PackageType !== "Zip" && `PackageType ${PackageType}`) ||
    (Publish && "Publish") ||
    (CodeSigningConfigArn && "CodeSigningConfigArn");
  if (what) throw new AwsError("NotImplemented", `lambda:CreateFunction with ${what} is not built in the embedded AWS`);
}

/** Without the members that are undefined. */
const stated = <T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;

/** @throws AwsError InvalidParameterValueException */
export function checkSettings({
  timeoutSeconds,
  memoryMb,
  environment,
  deadLetterTargetArn,
}: Pick<LambdaFunction, "timeoutSeconds" | "memoryMb" | "environment" | "deadLetterTargetArn">): void {
  requireWithin("timeout", timeoutSeconds, 1, 900);
  requireWithin("memorySize", memoryMb, 128, 10_240);
  if (deadLetterTargetArn) requireTarget("dead-letter target", deadLetterTargetArn, DEAD_LETTER_TARGETS);
  checkEnvironment(environment);
}

/** Lambda sets these (developer guide, "Defined runtime environment variables"). */
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION_(NAME|VERSION|MEMORY_SIZE)|INITIALIZATION_TYPE|LOG_(GROUP|STREAM)_NAME|RUNTIME_API)|AWS_(ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/** Limit for all names and values together (developer guide, "Lambda quotas"). */
const ENVIRONMENT_BYTES = 4096;

function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  const unable =
    "Lambda was unable to configure your environment variables because the environment variables you have provided";
  const reserved = Object.keys(environment).filter((name) => RESERVED.test(name));
  if (reserved.length > 0) {
    throw invalidParameterValue(
      `${unable} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const text = JSON.stringify(environment);
  if (Buffer.byteLength(text) > ENVIRONMENT_BYTES) {
    throw invalidParameterValue(`${unable} exceeded the 4KB limit. String measured: ${text}`);
  }
}

function requireWithin(member: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw invalidParameterValue(
    `Value '${value}' at '${member}' failed to satisfy constraint: Member must be a whole number from ${least} to ${most}`,
  );
}

/** Settings that are not built, each with its only valid value. */
const NOT_BUILT = {
  FileSystemConfigs: [],
  KMSKeyArn: "",
  Layers: [],
  SnapStart: { ApplyOn: "None" },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
  ImageConfig: undefined,
  CapacityProviderConfig: undefined,
  DurableConfig: undefined,
} satisfies { readonly [Member in keyof UpdateFunctionConfigurationRequest]?: unknown };

/** @throws AwsError NotImplemented for a setting that is not built */
export function requireBuilt(
  operation: string,
  input: Pick<UpdateFunctionConfigurationRequest, keyof typeof NOT_BUILT>,
): void {
  const member = (Object.keys(NOT_BUILT) as (keyof typeof NOT_BUILT)[]).find(
    (name) => input[name] !== undefined && JSON.stringify(input[name]) !== JSON.stringify(NOT_BUILT[name]),
  );
  if (member === undefined) return;
  throw new AwsError("NotImplemented", `lambda:${operation} with ${member} is not built`);
}
