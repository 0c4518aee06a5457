/** One call that the factory, its deployment or its tests make, as any client can make it. */
export interface FactoryCall {
  /** `<signing name>:<operation>` */
  readonly call: string;
  /** `{ ref: "<step>.<path>" }` stands for what an earlier step answered. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** Answers of this step are referred to by this name. */
  readonly as?: string;
  /** What the answer says, by path. */
  readonly says?: Readonly<Record<string, unknown>>;
  /** The refusal's code; the SDK's name for it where that differs. */
  readonly refused?: string;
  readonly refusedAs?: string;
}

const document =
  "schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: A\n        action: ExecuteBash\n        inputs: { commands: ['true'] }\n";
const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
const machine = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Succeed" } } });
const ref = (path: string) => ({ ref: path });
const item = { pk: { S: "IMAGE#a" }, sk: { S: "ACTIVE" } };
const ledger = (more: object) => ({ TableName: "ledger", ...more });
const update = {
  UpdateExpression: "SET #s = :s",
  ExpressionAttributeNames: { "#s": "status" },
  ExpressionAttributeValues: { ":s": { S: "AVAILABLE" } },
  ReturnValues: "ALL_NEW",
};
const noImage = "ami-00000000000000000";
const noBuild = "arn:aws:imagebuilder:eu-west-1:111122223333:image/none/1.0.0/1";
const share = { OperationType: "add", LaunchPermission: { Add: [{ UserId: "222233334444" }] } };
const query = { KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "IMAGE#a" } } };

export const FACTORY_CALLS: readonly FactoryCall[] = [
  { call: "sts:GetCallerIdentity", says: { Account: "111122223333" } },
  {
    call: "sts:AssumeRole",
    input: { RoleArn: "arn:aws:iam::111122223333:role/none", RoleSessionName: "session" },
    refused: "AccessDenied",
  },
  {
    call: "dynamodb:CreateTable",
    input: ledger({
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      BillingMode: "PAY_PER_REQUEST",
    }),
  },
  { call: "dynamodb:PutItem", input: ledger({ Item: item, ConditionExpression: "attribute_not_exists(pk)" }) },
  {
    call: "dynamodb:PutItem",
    input: ledger({ Item: item, ConditionExpression: "attribute_not_exists(pk)" }),
    refused: "ConditionalCheckFailedException",
  },
  {
    call: "dynamodb:UpdateItem",
    input: ledger({ Key: item, ...update }),
    says: { "Attributes.status.S": "AVAILABLE" },
  },
  { call: "dynamodb:GetItem", input: ledger({ Key: item, ConsistentRead: true }), says: { "Item.sk.S": "ACTIVE" } },
  { call: "dynamodb:Query", input: ledger(query), says: { Count: 1 } },
  { call: "dynamodb:DeleteItem", input: ledger({ Key: item }) },
  { call: "dynamodb:GetItem", input: { TableName: "none", Key: item }, refused: "ResourceNotFoundException" },
  { call: "ssm:PutParameter", input: { Name: "/imagebuilder/a", Value: "v", Type: "String" }, says: { Version: 1 } },
  { call: "ssm:PutParameter", input: { Name: "/a", Value: "v", Type: "Text" }, refused: "ValidationException" },
  { call: "ssm:GetParameter", input: { Name: "/imagebuilder/a" }, says: { "Parameter.Value": "v" } },
  { call: "ssm:DeleteParameter", input: { Name: "/imagebuilder/a" } },
  { call: "ssm:GetParameter", input: { Name: "/imagebuilder/a" }, refused: "ParameterNotFound" },
  { call: "sqs:CreateQueue", input: { QueueName: "parked" }, as: "queue" },
  { call: "sqs:SendMessage", input: { QueueUrl: ref("queue.QueueUrl"), MessageBody: "hello" } },
  {
    call: "sqs:ReceiveMessage",
    input: { QueueUrl: ref("queue.QueueUrl") },
    as: "received",
    says: { "Messages.0.Body": "hello" },
  },
  {
    call: "sqs:DeleteMessage",
    input: { QueueUrl: ref("queue.QueueUrl"), ReceiptHandle: ref("received.Messages.0.ReceiptHandle") },
  },
  {
    call: "sqs:GetQueueAttributes",
    input: { QueueUrl: ref("queue.QueueUrl"), AttributeNames: ["All"] },
    says: { "Attributes.ApproximateNumberOfMessages": "0" },
  },
  { call: "sqs:ListQueues", input: { QueueNamePrefix: "p" } },
  { call: "sns:CreateTopic", input: { Name: "notices" }, as: "topic" },
  {
    call: "sns:Subscribe",
    input: { TopicArn: ref("topic.TopicArn"), Protocol: "email", Endpoint: "ops@example.com" },
    says: { SubscriptionArn: "pending confirmation" },
  },
  { call: "sns:Publish", input: { TopicArn: ref("topic.TopicArn"), Subject: "s", Message: "m" } },
  {
    call: "sns:Publish",
    input: { TopicArn: "arn:aws:sns:eu-west-1:111122223333:none", Message: "m" },
    refused: "NotFound",
    refusedAs: "NotFoundException",
  },
  {
    call: "events:PutEvents",
    input: { Entries: [{ Source: "acme", DetailType: "build.started", Detail: "{}" }] },
    says: { FailedEntryCount: 0 },
  },
  { call: "events:PutRule", input: { Name: "r", EventPattern: "{" }, refused: "InvalidEventPatternException" },
  { call: "kms:CreateKey", input: { Description: "images" }, as: "key" },
  {
    call: "kms:DescribeKey",
    input: { KeyId: ref("key.KeyMetadata.KeyId") },
    says: { "KeyMetadata.Description": "images" },
  },
  { call: "iam:CreateRole", input: { RoleName: "builder", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") } },
  { call: "iam:CreateRole", input: { RoleName: "a/b", AssumeRolePolicyDocument: "{}" }, refused: "ValidationError" },
  { call: "iam:CreateInstanceProfile", input: { InstanceProfileName: "builder" } },
  { call: "iam:AddRoleToInstanceProfile", input: { InstanceProfileName: "builder", RoleName: "builder" } },
  {
    call: "imagebuilder:CreateComponent",
    input: { name: "harden", semanticVersion: "1.0.0", platform: "Linux", data: document },
    as: "component",
  },
  {
    call: "imagebuilder:CreateComponent",
    input: { name: "c", semanticVersion: "1.0.0", platform: "Linux", data: document },
    refused: "InvalidParameterValueException",
  },
  {
    call: "imagebuilder:CreateImageRecipe",
    input: {
      name: "base",
      semanticVersion: "1.0.0",
      parentImage: noImage,
      components: [{ componentArn: ref("component.componentBuildVersionArn") }],
    },
    as: "recipe",
  },
  {
    call: "imagebuilder:CreateInfrastructureConfiguration",
    input: { name: "acme", instanceProfileName: "builder" },
    as: "infrastructure",
  },
  {
    call: "imagebuilder:CreateImagePipeline",
    input: {
      name: "base",
      imageRecipeArn: ref("recipe.imageRecipeArn"),
      infrastructureConfigurationArn: ref("infrastructure.infrastructureConfigurationArn"),
    },
    as: "pipeline",
  },
  {
    call: "imagebuilder:StartImagePipelineExecution",
    input: { imagePipelineArn: ref("pipeline.imagePipelineArn") },
    as: "build",
  },
  {
    call: "imagebuilder:GetImage",
    input: { imageBuildVersionArn: ref("build.imageBuildVersionArn") },
    says: { "image.name": "base" },
  },
  { call: "imagebuilder:GetImage", input: { imageBuildVersionArn: noBuild }, refused: "ResourceNotFoundException" },
  { call: "imagebuilder:ListImages", input: { owner: "Self" }, says: { "imageVersionList.0.name": "base" } },
  { call: "imagebuilder:ListImagePipelines", says: { "imagePipelineList.0.name": "base" } },
  { call: "ec2:DescribeImages", input: { Owners: ["self"] } },
  { call: "ec2:DescribeImages", input: { ImageIds: [noImage] }, refused: "InvalidAMIID.NotFound" },
  {
    call: "ec2:DescribeImageAttribute",
    input: { ImageId: noImage, Attribute: "launchPermission" },
    refused: "InvalidAMIID.NotFound",
  },
  { call: "ec2:ModifyImageAttribute", input: { ImageId: noImage, ...share }, refused: "InvalidAMIID.NotFound" },
  {
    call: "ec2:CreateTags",
    input: { Resources: [noImage], Tags: [{ Key: "k", Value: "v" }] },
    refused: "InvalidAMIID.NotFound",
  },
  { call: "ec2:DescribeFleets", refused: "NotImplemented" },
  { call: "iam:CreateRole", input: { RoleName: "promotion", AssumeRolePolicyDocument: trust("states.amazonaws.com") } },
  {
    call: "states:CreateStateMachine",
    input: { name: "promotion", definition: machine, roleArn: "arn:aws:iam::111122223333:role/promotion" },
    as: "machine",
  },
  {
    call: "states:StartExecution",
    input: { stateMachineArn: ref("machine.stateMachineArn"), input: "{}" },
    as: "execution",
  },
  { call: "states:DescribeExecution", input: { executionArn: ref("execution.executionArn") } },
  { call: "lambda:GetFunction", input: { FunctionName: "none" }, refused: "ResourceNotFoundException" },
  {
    call: "s3:CreateBucket",
    input: { Bucket: "evidence", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } },
  },
  { call: "s3:PutObject", input: { Bucket: "evidence", Key: "a b/é.json" } },
  { call: "s3:ListObjectsV2", input: { Bucket: "evidence" }, says: { "Contents.0.Key": "a b/é.json" } },
  { call: "s3:GetBucketPolicy", input: { Bucket: "evidence" }, refused: "NoSuchBucketPolicy" },
];

/** What a client made of a step: its answer, or the refusal's code. */
export interface Told {
  readonly answer?: Record<string, unknown>;
  readonly refused?: string;
}

/** How a step went otherwise than it should; undefined when it went well. */
export function failureOf(step: FactoryCall, told: Told, ofSdk: boolean): string | undefined {
  const expected = ofSdk ? (step.refusedAs ?? step.refused) : step.refused;
  if (told.refused !== expected) return `${step.call}: ${told.refused ?? "answered"}, not ${expected ?? "an answer"}`;
  for (const [path, value] of Object.entries(step.says ?? {})) {
    const said = at(told.answer, path);
    if (said !== value) return `${step.call}: ${path} is ${JSON.stringify(said)}, not ${JSON.stringify(value)}`;
  }
  return undefined;
}

/** The input with what earlier steps answered. */
export function withAnswers(input: unknown, answers: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(input)) return input.map((one) => withAnswers(one, answers));
  if (typeof input !== "object" || input === null) return input;
  if ("ref" in input) return at(answers, String(input.ref));
  return Object.fromEntries(Object.entries(input).map(([key, one]) => [key, withAnswers(one, answers)]));
}

const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inside, step) => (inside as Record<string, unknown> | undefined)?.[step], value);
