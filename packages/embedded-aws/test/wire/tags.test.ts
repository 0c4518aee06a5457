import { describe, expect, it } from "vitest";
import { anAws } from "../ec2/an-aws.ts";
import { document } from "../imagebuilder/builder.ts";
import { allow, policy, trust } from "../policy.ts";

const ACCOUNT = "111122223333";
const REGION = "eu-west-1";
const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const MAY_READ = policy(allow("s3:GetObject"));
const dashboard = JSON.stringify({ widgets: [] });
const machine = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Succeed" } } });

type Call = (operation: string, input: object, service?: string) => Promise<Record<string, never>>;
/** How a service writes tags: as a map, or as a list with these members. */
type Form = "map" | readonly [key: string, value: string];

interface Taggable {
  readonly service: string;
  readonly what: string;
  /** Creates the resource. @returns the input's members that name it, if only it knows them */
  readonly create: (call: Call, tags: unknown) => Promise<object | undefined>;
  /** The input's members that name the resource. */
  readonly target?: object;
  /** Names that do not exist. */
  readonly missing: object;
  /** Default: ResourceNotFoundException. */
  readonly notFound?: string;
  /** Default: lists of `Key` and `Value`. */
  readonly form?: Form;
  readonly add?: string;
  readonly remove?: string;
  readonly show?: string;
  readonly tags?: string;
  readonly keys?: string;
  readonly shown?: string;
}

const nothing = async (made: Promise<unknown>): Promise<undefined> => void (await made);
const byArn = (target: string, missing: string, member = "ResourceARN") => ({
  target: { [member]: target },
  missing: { [member]: missing },
});

/** Everything with tags. */
const TAGGABLE: readonly Taggable[] = [
  {
    service: "scheduler",
    what: "a group",
    create: (call, Tags) => nothing(call("CreateScheduleGroup", { Name: "g", Tags })),
    ...byArn(arn("scheduler", "schedule-group/g"), arn("scheduler", "schedule-group/none"), "ResourceArn"),
  },
  {
    service: "inspector2",
    what: "a CIS scan configuration",
    create: async (call, tags) => {
      await call("Enable", { resourceTypes: ["EC2"] });
      const { scanConfigurationArn: resourceArn } = await call("CreateCisScanConfiguration", {
        scanName: "s",
        securityLevel: "LEVEL_1",
        schedule: { oneTime: {} },
        targets: { accountIds: ["SELF"], targetResourceTags: { a: ["b"] } },
        tags,
      });
      return { resourceArn };
    },
    missing: { resourceArn: arn("inspector2", "owner/111122223333/cis-configuration/none") },
    form: "map",
    tags: "tags",
    keys: "tagKeys",
  },
  {
    service: "imagebuilder",
    what: "a component",
    create: async (call, tags) => {
      const component = { name: "harden", semanticVersion: "1.0.0", platform: "Linux", data: document("build", "A") };
      const { componentBuildVersionArn: resourceArn } = await call("CreateComponent", { ...component, tags });
      return { resourceArn };
    },
    missing: { resourceArn: arn("imagebuilder", "component/none/1.0.0/1") },
    form: "map",
    tags: "tags",
    keys: "tagKeys",
  },
  {
    service: "monitoring",
    what: "a dashboard",
    create: (call, Tags) => nothing(call("PutDashboard", { DashboardName: "d", DashboardBody: dashboard, Tags })),
    ...byArn(`arn:aws:cloudwatch::${ACCOUNT}:dashboard/d`, `arn:aws:cloudwatch::${ACCOUNT}:dashboard/none`),
  },
  {
    service: "monitoring",
    what: "an alarm",
    create: (call, Tags) =>
      nothing(
        call("PutMetricAlarm", {
          AlarmName: "a",
          Namespace: "n",
          MetricName: "m",
          Statistic: "Sum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanThreshold",
          Tags,
        }),
      ),
    ...byArn(arn("cloudwatch", "alarm:a"), arn("cloudwatch", "alarm:none")),
  },
  {
    service: "events",
    what: "a rule",
    create: (call, Tags) => nothing(call("PutRule", { Name: "r", EventPattern: '{"source":["a"]}', Tags })),
    ...byArn(arn("events", "rule/r"), arn("events", "rule/none")),
  },
  {
    service: "events",
    what: "a rule of its own bus",
    create: async (call, Tags) => {
      await call("CreateEventBus", { Name: "b" });
      return nothing(call("PutRule", { Name: "r", EventBusName: "b", EventPattern: '{"source":["a"]}', Tags }));
    },
    ...byArn(arn("events", "rule/b/r"), arn("events", "rule/b/none")),
  },
  {
    service: "events",
    what: "a bus",
    create: (call, Tags) => nothing(call("CreateEventBus", { Name: "b", Tags })),
    ...byArn(arn("events", "event-bus/b"), arn("events", "event-bus/none")),
  },
  {
    service: "sns",
    what: "a topic",
    create: (call, Tags) => nothing(call("CreateTopic", { Name: "t", Tags })),
    ...byArn(arn("sns", "t"), arn("sns", "none"), "ResourceArn"),
    notFound: "ResourceNotFound",
  },
  {
    service: "sqs",
    what: "a queue",
    create: (call, tags) => nothing(call("CreateQueue", { QueueName: "q", tags })),
    target: { QueueUrl: `http://127.0.0.1:4566/${ACCOUNT}/q` },
    missing: { QueueUrl: `http://127.0.0.1:4566/${ACCOUNT}/none` },
    notFound: "QueueDoesNotExist",
    form: "map",
    add: "TagQueue",
    remove: "UntagQueue",
    show: "ListQueueTags",
  },
  {
    service: "states",
    what: "a state machine",
    create: async (call, tags) => {
      const role = { RoleName: "states", AssumeRolePolicyDocument: trust({ Service: "states.amazonaws.com" }) };
      await call("CreateRole", role, "iam");
      const roleArn = `arn:aws:iam::${ACCOUNT}:role/states`;
      return nothing(call("CreateStateMachine", { name: "m", definition: machine, roleArn, tags }));
    },
    ...byArn(arn("states", "stateMachine:m"), arn("states", "stateMachine:none"), "resourceArn"),
    notFound: "ResourceNotFound",
    form: ["key", "value"],
    tags: "tags",
    keys: "tagKeys",
  },
  {
    service: "kms",
    what: "a key",
    create: async (call, Tags) => {
      const { KeyMetadata } = await call("CreateKey", { Tags });
      return { KeyId: (KeyMetadata as unknown as { KeyId: string }).KeyId };
    },
    missing: { KeyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
    notFound: "NotFoundException",
    form: ["TagKey", "TagValue"],
    show: "ListResourceTags",
  },
  {
    service: "ssm",
    what: "a parameter",
    create: (call, Tags) => nothing(call("PutParameter", { Name: "p", Value: "v", Type: "String", Tags })),
    target: { ResourceType: "Parameter", ResourceId: "p" },
    missing: { ResourceType: "Parameter", ResourceId: "none" },
    notFound: "InvalidResourceId",
    add: "AddTagsToResource",
    remove: "RemoveTagsFromResource",
    shown: "TagList",
  },
  {
    service: "ecr",
    what: "a repository",
    create: (call, tags) => nothing(call("CreateRepository", { repositoryName: "images", tags })),
    ...byArn(arn("ecr", "repository/images"), arn("ecr", "repository/none"), "resourceArn"),
    notFound: "RepositoryNotFoundException",
    tags: "tags",
    keys: "tagKeys",
  },
  {
    service: "dynamodb",
    what: "a table",
    create: (call, Tags) =>
      nothing(
        call("CreateTable", {
          TableName: "table",
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
          Tags,
        }),
      ),
    ...byArn(arn("dynamodb", "table/table"), arn("dynamodb", "table/none"), "ResourceArn"),
    show: "ListTagsOfResource",
  },
  ...(
    [
      ["Role", { RoleName: "x" }, { AssumeRolePolicyDocument: trust({ Service: "ec2.amazonaws.com" }) }],
      ["InstanceProfile", { InstanceProfileName: "x" }, {}],
      ["Policy", { PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/x` }, { PolicyName: "x", PolicyDocument: MAY_READ }],
    ] as const
  ).map(
    ([kind, target, more]): Taggable => ({
      service: "iam",
      what: kind,
      create: (call, Tags) =>
        nothing(call(`Create${kind}`, { ...("PolicyName" in more ? {} : target), ...more, Tags })),
      target,
      missing: Object.fromEntries(Object.entries(target).map(([key, name]) => [key, name.replace(/x$/, "none")])),
      notFound: "NoSuchEntity",
      add: `Tag${kind}`,
      remove: `Untag${kind}`,
      show: `List${kind}Tags`,
    }),
  ),
];

const written = (tags: Record<string, string>, form: Form): unknown =>
  form === "map" ? tags : Object.entries(tags).map(([key, value]) => ({ [form[0]]: key, [form[1]]: value }));

/** Lists of tags have no order. */
const sorted = (tags: unknown): unknown =>
  Array.isArray(tags) ? tags.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : tags;

describe.each(TAGGABLE)("$service: $what", (taggable) => {
  const {
    service,
    form = ["Key", "Value"],
    notFound: code = "ResourceNotFoundException",
    tags = "Tags",
    keys = "TagKeys",
    shown = tags,
  } = taggable;
  const { add = "TagResource", remove = "UntagResource", show = "ListTagsForResource" } = taggable;
  const open = () => {
    const { by } = anAws();
    return ((operation, input, of = service) => by(of)(operation, input)) satisfies Call as Call;
  };

  it("has the tags that it was made with, and those that came later, and no others", async () => {
    const call = open();
    const made = written({ team: "images", stage: "test" }, form);
    const target = (await taggable.create(call, made)) ?? taggable.target;
    const shownNow = async () => sorted((await call(show, { ...target }))[shown]);
    const before = await shownNow();

    const changed = { stage: "live", cost: "1" };
    await call(add, { ...target, [tags]: written(changed, form) });
    await call(remove, { ...target, [keys]: ["team"] });

    expect(before).toEqual(sorted(made));
    expect(await shownNow()).toEqual(sorted(written(changed, form)));
  });

  it("that does not exist is refused with AWS's code", async () => {
    const call = open();
    const { missing } = taggable;

    await expect(call(show, missing)).rejects.toMatchObject({ code });
    await expect(call(add, { ...missing, [tags]: written({ a: "b" }, form) })).rejects.toMatchObject({ code });
    await expect(call(remove, { ...missing, [keys]: ["a"] })).rejects.toMatchObject({ code });
  });
});
