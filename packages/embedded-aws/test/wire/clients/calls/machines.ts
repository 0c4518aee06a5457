import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

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
const token = "400 InvalidToken: Invalid Token";

/** Step Functions; the role `machine` exists. */
export const MACHINE_CALLS: readonly FactoryCall[] = ofService("states", [
  answered("CreateStateMachine", { name: "promotion", definition: succeeding, roleArn }, { stateMachineArn }),
  refused(
    "CreateStateMachine",
    { name: "broken", definition: "{}", roleArn },
    "400 InvalidDefinition: Invalid State Machine Definition",
  ),
  answered("ValidateStateMachineDefinition", { definition: succeeding }, { result: "OK" }, { since: 2024 }),
  answered("UpdateStateMachine", { stateMachineArn, definition: succeeding }, { updateDate: PRESENT }),
  answered("DescribeStateMachine", { stateMachineArn }, { name: "promotion", status: "ACTIVE" }),
  refused(
    "DescribeStateMachine",
    { stateMachineArn: noMachine },
    `400 StateMachineDoesNotExist: State Machine Does Not Exist: '${noMachine}'`,
  ),
  answered("ListStateMachineVersions", { stateMachineArn }, { stateMachineVersions: [] }, { since: 2023 }),
  answered("ListStateMachines", {}, { "stateMachines.0.name": "promotion" }),
  answered("TagResource", { resourceArn: stateMachineArn, tags: [{ key: "team", value: "images" }] }),
  answered("ListTagsForResource", { resourceArn: stateMachineArn }, { tags: [{ key: "team", value: "images" }] }),
  answered("UntagResource", { resourceArn: stateMachineArn, tagKeys: ["team"] }),
  answered("StartExecution", { stateMachineArn, name: "one", input: '{"n":"é"}' }, { executionArn }),
  answered("DescribeExecution", { executionArn }, { status: "SUCCEEDED", input: '{"n":"é"}' }, { after: 1 }),
  refused(
    "StartExecution",
    { stateMachineArn, name: "one", input: "{}" },
    `400 ExecutionAlreadyExists: Execution Already Exists: '${executionArn}'`,
  ),
  refused(
    "DescribeExecution",
    { executionArn: `${executionArn}-none` },
    "400 ExecutionDoesNotExist: Execution Does Not Exist",
  ),
  answered("DescribeStateMachineForExecution", { executionArn }, { name: "promotion" }),
  answered(
    "GetExecutionHistory",
    { executionArn },
    { "events.0.type": "ExecutionStarted", "events.0.executionStartedEventDetails.input": '{"n":"é"}' },
  ),
  answered("ListExecutions", { stateMachineArn, statusFilter: "SUCCEEDED" }, { "executions.0.name": "one" }),
  answered("CreateStateMachine", { name: "slow", definition: waiting, roleArn }),
  answered("StartExecution", { stateMachineArn: slow }, { startDate: PRESENT }, { as: "slow" }),
  answered("StopExecution", { executionArn: ref("slow.executionArn"), error: "Cancelled", cause: "enough" }),
  answered("DescribeExecution", { executionArn: ref("slow.executionArn") }, { status: "ABORTED", error: "Cancelled" }),
  answered("sqs:CreateQueue", { QueueName: "asked", Attributes: { VisibilityTimeout: "3600" } }, {}, { as: "asking" }),
  answered("CreateStateMachine", { name: "asking", definition: asking, roleArn }),
  answered("StartExecution", { stateMachineArn: asker }, {}, { as: "first" }),
  answered("sqs:ReceiveMessage", { QueueUrl }, { "Messages.0.Body": PRESENT }, { as: "asked", after: 1 }),
  answered("SendTaskHeartbeat", { taskToken: ref("asked.Messages.0.Body") }),
  answered("SendTaskSuccess", { taskToken: ref("asked.Messages.0.Body"), output: '{"n":"é"}' }),
  answered(
    "DescribeExecution",
    { executionArn: ref("first.executionArn") },
    { status: "SUCCEEDED", output: '{"n":"é"}' },
    { after: 1 },
  ),
  answered("StartExecution", { stateMachineArn: asker }, {}, { as: "second" }),
  answered("sqs:ReceiveMessage", { QueueUrl }, {}, { as: "again", after: 1 }),
  answered("SendTaskFailure", { taskToken: ref("again.Messages.0.Body"), error: "Refused", cause: "no" }),
  answered(
    "DescribeExecution",
    { executionArn: ref("second.executionArn") },
    { status: "FAILED", error: "Refused" },
    { after: 1 },
  ),
  refused(
    "SendTaskSuccess",
    { taskToken: ref("asked.Messages.0.Body"), output: "{}" },
    "400 TaskTimedOut: Task Timed Out",
  ),
  refused("SendTaskSuccess", { taskToken: "none", output: "{}" }, token),
  refused("SendTaskFailure", { taskToken: "none" }, token),
  refused("SendTaskHeartbeat", { taskToken: "none" }, token),
  answered("DeleteStateMachine", { stateMachineArn: slow }),
]);
