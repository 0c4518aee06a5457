import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const machine = (states: object) => JSON.stringify({ QueryLanguage: "JSONata", StartAt: "A", States: states });
const succeeding = machine({ A: { Type: "Succeed" } });
const asking = machine({
  A: {
    Type: "Task",
    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Arguments: {
      QueueUrl: "https://sqs.eu-west-1.amazonaws.com/111122223333/asked",
      MessageBody: "{% $states.context.Task.Token %}",
    },
    End: true,
  },
});
const waiting = machine({ A: { Type: "Wait", Seconds: 3600, End: true } });
const roleArn = "arn:aws:iam::111122223333:role/machine";
const stateMachineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:promotion";
const executionArn = "arn:aws:states:eu-west-1:111122223333:execution:promotion:one";
const slow = "arn:aws:states:eu-west-1:111122223333:stateMachine:slow";
const noMachine = "arn:aws:states:eu-west-1:111122223333:stateMachine:none";
const asker = "arn:aws:states:eu-west-1:111122223333:stateMachine:asking";
const QueueUrl = ref("asking.QueueUrl");
const token = { code: "InvalidToken", status: 400, message: "Invalid Token" };

/** Step Functions; the role `machine` exists. */
export const MACHINE_CALLS: readonly FactoryCall[] = [
  answered("states:CreateStateMachine", { name: "promotion", definition: succeeding, roleArn }, { stateMachineArn }),
  refused(
    "states:CreateStateMachine",
    { name: "broken", definition: "{}", roleArn },
    {
      code: "InvalidDefinition",
      status: 400,
      message: "Invalid State Machine Definition",
    },
  ),
  answered("states:ValidateStateMachineDefinition", { definition: succeeding }, { result: "OK" }, { since: 2024 }),
  answered("states:UpdateStateMachine", { stateMachineArn, definition: succeeding }, { updateDate: PRESENT }),
  answered("states:DescribeStateMachine", { stateMachineArn }, { name: "promotion", status: "ACTIVE" }),
  refused(
    "states:DescribeStateMachine",
    { stateMachineArn: noMachine },
    {
      code: "StateMachineDoesNotExist",
      status: 400,
      message: `State Machine Does Not Exist: '${noMachine}'`,
    },
  ),
  answered("states:ListStateMachineVersions", { stateMachineArn }, { stateMachineVersions: [] }, { since: 2023 }),
  answered("states:ListStateMachines", {}, { "stateMachines.0.name": "promotion" }),
  answered("states:TagResource", { resourceArn: stateMachineArn, tags: [{ key: "team", value: "images" }] }),
  answered(
    "states:ListTagsForResource",
    { resourceArn: stateMachineArn },
    { tags: [{ key: "team", value: "images" }] },
  ),
  answered("states:UntagResource", { resourceArn: stateMachineArn, tagKeys: ["team"] }),
  answered("states:StartExecution", { stateMachineArn, name: "one", input: '{"n":"é"}' }, { executionArn }),
  answered("states:DescribeExecution", { executionArn }, { status: "SUCCEEDED", input: '{"n":"é"}' }, { after: 1 }),
  refused(
    "states:StartExecution",
    { stateMachineArn, name: "one", input: "{}" },
    {
      code: "ExecutionAlreadyExists",
      status: 400,
      message: `Execution Already Exists: '${executionArn}'`,
    },
  ),
  refused(
    "states:DescribeExecution",
    { executionArn: `${executionArn}-none` },
    {
      code: "ExecutionDoesNotExist",
      status: 400,
      message: "Execution Does Not Exist",
    },
  ),
  answered("states:DescribeStateMachineForExecution", { executionArn }, { name: "promotion" }),
  answered(
    "states:GetExecutionHistory",
    { executionArn },
    {
      "events.0.type": "ExecutionStarted",
      "events.0.executionStartedEventDetails.input": '{"n":"é"}',
    },
  ),
  answered("states:ListExecutions", { stateMachineArn, statusFilter: "SUCCEEDED" }, { "executions.0.name": "one" }),
  answered("states:CreateStateMachine", { name: "slow", definition: waiting, roleArn }),
  answered("states:StartExecution", { stateMachineArn: slow }, { startDate: PRESENT }, { as: "slow" }),
  answered("states:StopExecution", { executionArn: ref("slow.executionArn"), error: "Cancelled", cause: "enough" }),
  answered(
    "states:DescribeExecution",
    { executionArn: ref("slow.executionArn") },
    { status: "ABORTED", error: "Cancelled" },
  ),
  answered("sqs:CreateQueue", { QueueName: "asked", Attributes: { VisibilityTimeout: "3600" } }, {}, { as: "asking" }),
  answered("states:CreateStateMachine", { name: "asking", definition: asking, roleArn }),
  answered("states:StartExecution", { stateMachineArn: asker }, {}, { as: "first" }),
  answered("sqs:ReceiveMessage", { QueueUrl }, { "Messages.0.Body": PRESENT }, { as: "asked", after: 1 }),
  answered("states:SendTaskHeartbeat", { taskToken: ref("asked.Messages.0.Body") }),
  answered("states:SendTaskSuccess", { taskToken: ref("asked.Messages.0.Body"), output: '{"n":"é"}' }),
  answered(
    "states:DescribeExecution",
    { executionArn: ref("first.executionArn") },
    { status: "SUCCEEDED", output: '{"n":"é"}' },
    { after: 1 },
  ),
  answered("states:StartExecution", { stateMachineArn: asker }, {}, { as: "second" }),
  answered("sqs:ReceiveMessage", { QueueUrl }, {}, { as: "again", after: 1 }),
  answered("states:SendTaskFailure", { taskToken: ref("again.Messages.0.Body"), error: "Refused", cause: "no" }),
  answered(
    "states:DescribeExecution",
    { executionArn: ref("second.executionArn") },
    { status: "FAILED", error: "Refused" },
    { after: 1 },
  ),
  refused(
    "states:SendTaskSuccess",
    { taskToken: ref("asked.Messages.0.Body"), output: "{}" },
    {
      code: "TaskTimedOut",
      status: 400,
      message: "Task Timed Out",
    },
  ),
  refused("states:SendTaskSuccess", { taskToken: "none", output: "{}" }, token),
  refused("states:SendTaskFailure", { taskToken: "none" }, token),
  refused("states:SendTaskHeartbeat", { taskToken: "none" }, token),
  answered("states:DeleteStateMachine", { stateMachineArn: slow }),
];
