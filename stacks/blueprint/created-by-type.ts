import type { Place } from "../../core/names.ts";

interface Registered {
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly place: Place;
}
type Outputs = { readonly id: string } & Readonly<Record<string, string>>;

/**
 * The outputs of a created resource that the program uses. ARNs follow from names; ids that AWS generates are
 * references, `${<logical name>.<attribute>}`.
 */
export function createdByType(type: string, registered: Registered): Outputs {
  const create = outputsByType[type];
  if (!create) throw new Error(`The evaluator does not know the outputs of ${type}; add it to created-by-type.ts.`);
  return create(registered);
}

const reference = (name: string, attribute: string): string => `\${${name}.${attribute}}`;

const arn = (service: string, { partition, region, account }: Place, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** Identified by its name, which is also its id. */
const named =
  (service: string, resource: (name: string, inputs: Registered["inputs"]) => string, nameInput = "name") =>
  ({ inputs, place }: Registered): Outputs => {
    const name = String(inputs[nameInput]);
    return { id: name, arn: arn(service, place, resource(name, inputs)) };
  };

/** Identified by its ARN. */
const byArn =
  (service: string, resource: (name: string, inputs: Registered["inputs"]) => string) =>
  ({ inputs, place }: Registered): Outputs => {
    const full = arn(service, place, resource(String(inputs.name), inputs));
    return { id: full, arn: full };
  };

/** IAM resources are global. */
const inIam =
  (kind: string) =>
  ({ inputs, place }: Registered): Outputs => ({
    id: String(inputs.name),
    arn: arn("iam", { ...place, region: "" }, `${kind}/${inputs.name}`),
  });

/** Part of another resource; nothing refers to its outputs. */
const attached = ({ name }: Registered): Outputs => ({ id: reference(name, "id") });

const outputsByType: Readonly<Record<string, (registered: Registered) => Outputs>> = {
  "aws:cloudformation/stackSet:StackSet": ({ name, inputs, place }) => ({
    id: String(inputs.name),
    arn: arn("cloudformation", place, `stackset/${inputs.name}:${reference(name, "stackSetId")}`),
  }),
  "aws:cloudformation/stackSetInstance:StackSetInstance": attached,
  "aws:cloudwatch/dashboard:Dashboard": ({ inputs, place }) => ({
    id: String(inputs.dashboardName),
    // Dashboards are global: they can show metrics of all regions.
    dashboardArn: arn("cloudwatch", { ...place, region: "" }, `dashboard/${inputs.dashboardName}`),
  }),
  "aws:cloudwatch/eventBus:EventBus": named("events", (name) => `event-bus/${name}`),
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": attached,
  "aws:cloudwatch/eventRule:EventRule": named("events", (name, { eventBusName }) =>
    eventBusName ? `rule/${eventBusName}/${name}` : `rule/${name}`,
  ),
  "aws:cloudwatch/eventTarget:EventTarget": attached,
  "aws:cloudwatch/logGroup:LogGroup": named("logs", (name) => `log-group:${name}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", (name) => `alarm:${name}`),
  "aws:dynamodb/table:Table": named("dynamodb", (name) => `table/${name}`),
  "aws:ec2/securityGroup:SecurityGroup": ({ name, place }) => ({
    id: reference(name, "id"),
    arn: arn("ec2", place, `security-group/${reference(name, "id")}`),
  }),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": attached,
  "aws:ecr/repository:Repository": named("ecr", (name) => `repository/${name}`),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": attached,
  "aws:iam/instanceProfile:InstanceProfile": inIam("instance-profile"),
  "aws:iam/role:Role": (registered) => ({
    ...inIam("role")(registered),
    uniqueId: reference(registered.name, "uniqueId"),
  }),
  "aws:imagebuilder/component:Component": byArn(
    "imagebuilder",
    (name, { version }) => `component/${name}/${version}/1`,
  ),
  "aws:imagebuilder/containerRecipe:ContainerRecipe": byArn(
    "imagebuilder",
    (name, { version }) => `container-recipe/${name}/${version}`,
  ),
  "aws:imagebuilder/distributionConfiguration:DistributionConfiguration": byArn(
    "imagebuilder",
    (name) => `distribution-configuration/${name}`,
  ),
  "aws:imagebuilder/imagePipeline:ImagePipeline": byArn("imagebuilder", (name) => `image-pipeline/${name}`),
  "aws:imagebuilder/imageRecipe:ImageRecipe": byArn(
    "imagebuilder",
    (name, { version }) => `image-recipe/${name}/${version}`,
  ),
  "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": byArn(
    "imagebuilder",
    (name) => `infrastructure-configuration/${name}`,
  ),
  "aws:inspector2/enabler:Enabler": attached,
  "aws:kms/alias:Alias": named("kms", (name) => name),
  "aws:kms/key:Key": ({ name, place }) => ({
    id: reference(name, "keyId"),
    keyId: reference(name, "keyId"),
    arn: arn("kms", place, `key/${reference(name, "keyId")}`),
  }),
  "aws:lambda/function:Function": named("lambda", (name) => `function:${name}`),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": attached,
  "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": attached,
  "aws:lambda/functionUrl:FunctionUrl": ({ name, inputs }) => ({
    id: String(inputs.functionName),
    functionUrl: reference(name, "functionUrl"),
  }),
  "aws:lambda/permission:Permission": attached,
  "aws:rbin/rule:Rule": attached,
  // Generated at deployment.
  "random:index/randomInteger:RandomInteger": ({ name }) => ({
    id: reference(name, "result"),
    result: reference(name, "result"),
  }),
  "aws:s3/bucket:Bucket": ({ inputs, place }) => ({
    id: String(inputs.bucket),
    arn: `arn:${place.partition}:s3:::${inputs.bucket}`,
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": attached,
  "aws:s3/bucketObjectv2:BucketObjectv2": attached,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": attached,
  "aws:s3/bucketPolicy:BucketPolicy": attached,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": attached,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": attached,
  "aws:s3/bucketVersioning:BucketVersioning": attached,
  "aws:scheduler/schedule:Schedule": named("scheduler", (name) => `schedule/default/${name}`),
  "aws:scheduler/scheduleGroup:ScheduleGroup": named("scheduler", (name) => `schedule-group/${name}`),
  "aws:sfn/stateMachine:StateMachine": byArn("states", (name) => `stateMachine:${name}`),
  "aws:sns/topic:Topic": byArn("sns", (name) => name),
  "aws:sns/topicPolicy:TopicPolicy": attached,
  "aws:sns/topicSubscription:TopicSubscription": attached,
  "aws:sqs/queue:Queue": ({ name, inputs, place }) => ({
    id: reference(name, "url"),
    url: reference(name, "url"),
    arn: arn("sqs", place, String(inputs.name)),
  }),
  "aws:sqs/queuePolicy:QueuePolicy": attached,
  "aws:ssm/parameter:Parameter": named("ssm", (name) => `parameter${name}`),
  "random:index/randomBytes:RandomBytes": ({ name }) => ({
    id: reference(name, "id"),
    base64: reference(name, "base64"),
  }),
};
